"""What the four commands have in common: one JSON object, whatever happens, and three ends."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured
from pyrage.x25519 import Identity

from backups.refusals import BackupRefused, NotGood
from backups.sealing import NO_IDENTITY, identities_in, read_identities
from core.faults import fault_words
from core.json_commands import JSONCommand

NOT: Final = 1
STANDARD_INPUT: Final = "-"


class BackupCommand(JSONCommand):
    """`work` gives the answer, in which `good` says whether all is; a refusal ends with 2."""

    def work(self, options: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = self.work(options)
        except NotGood as refused:
            self.leave({"good": False, "error": str(refused)}, NOT)
        except (BackupRefused, ImproperlyConfigured) as refused:
            self.refuse(str(refused), good=False)
        except KeyboardInterrupt:
            self.refuse("已中断，没有做完。", good=False)
        except Exception as error:
            if options.get("traceback"):
                raise
            words = fault_words(error) or f"出现意外的错误（{type(error).__name__}）"
            self.refuse(f"没有做成：{words}。加 --traceback 可看详情。", good=False)
        self.answer(found, 0 if found["good"] else NOT)


def add_identity(parser: ArgumentParser) -> None:
    parser.add_argument("--identity", help="私钥文件（age），- 为标准输入")


def identities_of(name: str | None, given: str) -> list[Identity]:
    """From the file that somebody names, or from what came on standard input."""
    if not name:
        raise BackupRefused(NO_IDENTITY)
    return read_identities(given) if name == STANDARD_INPUT else identities_in(Path(name))
