"""Checks a review table's file: one JSON object on standard output.

Exit 0: valid; 1: not; 2: not judged (no such file, not a PDF, or the portal itself is not well).
`valid` means that the station certified it, every signature present is whole and trusted, nothing
but signing followed, and it is the newest revision that we keep. A table that still waits for a
department is valid; `reason` names who is missing. `outcome` is what the table concludes, and
`conclusion` what a department does: agree, disagree, or empty where it is not proved, not yet said
or void. Valid is not agreed. `on_paper` says that the department has not signed: it stamped by
hand, and the station, whose signature it is, filled the cell from the scan.
"""

import json
import logging
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from core.faults import fault_words
from reviews.comparison import Comparison, compare
from reviews.public_facts import PublicFacts
from reviews.signatures.certificates.keystore import AuthorityError
from reviews.signatures.certificates.trust import current_trust
from reviews.signatures.verification.examining import MAX_BYTES, refuse_unreadable
from reviews.signatures.verification.findings import SignatureFinding, Unreadable
from reviews.verdict import proved_facts

logger = logging.getLogger(__name__)
USAGE = "参数不对。用法：verify_form 文件.pdf"


class Command(BaseCommand):
    help = "核验审核表PDF：输出一个JSON对象"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="要核验的PDF文件")
        # argparse would answer in English, and with nothing on standard output.
        parser.error = lambda message: self._refuse(USAGE)  # type: ignore[method-assign]

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            pdf = _read(file)
            refuse_unreadable(pdf)
            comparison = compare(pdf, current_trust())
            facts = proved_facts(comparison)
        except (Unreadable, AuthorityError) as error:
            self._refuse(str(error))
        except DatabaseError:
            self._refuse("本系统的数据库还没有建好或连不上，不能核验。")
        # A program asked: whatever happens, it reads an answer of the one form.
        except Exception as error:
            logger.exception("核验没有做成")
            self._refuse(f"{fault_words(error) or '系统出错了'}，不能核验。")
        self._print(
            valid=comparison.valid,
            reason=comparison.reason,
            outcome=facts.outcome if facts else "",
            signatures=_signatures(comparison, facts),
        )
        sys.exit(0 if comparison.valid else 1)

    def _refuse(self, reason: str) -> NoReturn:
        self._print(valid=False, reason=reason, outcome="", signatures=[])
        sys.exit(2)

    def _print(self, **answer: object) -> None:
        encoding = getattr(self.stdout, "encoding", None) or "utf-8"
        is_unicode = encoding.lower().replace("-", "") == "utf8"
        self.stdout.write(json.dumps(answer, ensure_ascii=not is_unicode))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            # One byte more than allowed is enough to know; nothing larger enters memory.
            return file.read(MAX_BYTES + 1)
    except IsADirectoryError:
        raise Unreadable("这是文件夹，不是文件。") from None
    except PermissionError:
        raise Unreadable("没有权限读取这个文件。") from None
    # A name that no system of files could hold is the name of no file.
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise Unreadable("没有这个文件。") from None
    except OSError as error:
        raise Unreadable("文件读不出来。") from error


def _signatures(comparison: Comparison, facts: PublicFacts | None) -> list[dict[str, object]]:
    conclusions = {one.code: one.conclusion for one in facts.opinions} if facts else {}
    return [
        _as_json(finding, conclusions.get(finding.department, ""))
        for finding in comparison.examination.signatures
    ]


def _as_json(finding: SignatureFinding, conclusion: str) -> dict[str, object]:
    signed_at = finding.signed_at
    return {
        "department": finding.department,
        "signer": finding.signer,
        "signed_at": timezone.localtime(signed_at).isoformat() if signed_at else None,
        "intact": finding.intact,
        "trusted": finding.trusted,
        "conclusion": conclusion,
        "on_paper": finding.is_on_paper,
    }
