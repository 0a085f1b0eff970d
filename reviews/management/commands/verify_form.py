"""Checks a review table's file: one JSON object on standard output.

Exit 0: valid; 1: not; 2: not judged (no such file, not a PDF, or the portal itself is not well).
`valid` means that the station certified it, every signature present is whole and trusted, nothing
but signing followed, and it is the newest revision that we keep. A table that still waits for a
department is valid; `reason` names who is missing. `outcome` is what the table concludes, and
`conclusion` what a department does: agree, disagree, or empty where it is not proved, not yet said
or void. Valid is not agreed. `on_paper` says that the department has not signed: it stamped by
hand, and the station, whose signature it is, filled the cell from the scan.
"""

import logging
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.db import DatabaseError
from django.utils import timezone

from core.faults import fault_words
from core.json_commands import UNREADABLE, JSONCommand
from reviews.comparison import Comparison, compare
from reviews.public_facts import PublicFacts
from reviews.signatures.certificates.keystore import AuthorityError
from reviews.signatures.certificates.trust import current_trust
from reviews.signatures.verification.examining import MAX_BYTES, refuse_unreadable
from reviews.signatures.verification.findings import SignatureFinding, Unreadable
from reviews.verdict import proved_facts

logger = logging.getLogger(__name__)


class Command(JSONCommand):
    help = "核验审核表PDF：输出一个JSON对象"
    usage = "verify_form 文件.pdf"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, help="要核验的PDF文件")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            pdf = _read(file)
            refuse_unreadable(pdf)
            comparison = compare(pdf, current_trust())
            facts = proved_facts(comparison)
        except (Unreadable, AuthorityError) as error:
            self.refuse(str(error))
        except DatabaseError:
            self.refuse("本系统的数据库还没有建好或连不上，不能核验。")
        # A program asked: whatever happens, it reads an answer of the one form.
        except Exception as error:
            logger.exception("核验没有做成")
            self.refuse(f"{fault_words(error) or '系统出错了'}，不能核验。")
        self.leave(
            {
                "valid": comparison.valid,
                "reason": comparison.reason,
                "outcome": facts.outcome if facts else "",
                "signatures": _signatures(comparison, facts),
            },
            0 if comparison.valid else 1,
        )

    def refuse(self, sentence: str, **beside: Any) -> NoReturn:
        """Whatever happens, in the form of every other answer."""
        answer = {"valid": False, "reason": sentence, "outcome": "", "signatures": []}
        self.leave(answer, UNREADABLE)


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
