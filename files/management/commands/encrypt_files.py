"""Files from before the encryption: `manage.py encrypt_files` encrypts those that are plain."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from core.faults import fault_words
from core.json_commands import JSONCommand
from files.at_rest.key_ring import require_all_keys
from files.at_rest.rotating import seal_plain_files


class Command(JSONCommand):
    help = (
        "给以前没有加密的文件加密，已经加密的不动。可以中断，再次运行会接着做。"
        "退出码：0 全部加密，1 有没办成的，2 办不了。"
    )
    usage = "encrypt_files"

    def handle(self, **_: Any) -> None:
        try:
            require_all_keys()
            seen = seal_plain_files()
        except ImproperlyConfigured as problem:
            self.refuse(str(problem))
        except (DatabaseError, OSError) as error:
            self.refuse(f"没有办成：{fault_words(error)}。")
        self.answer(seen.as_json(), 1 if seen.failed else 0)
