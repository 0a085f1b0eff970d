"""Change of keys: `manage.py rotate_keys` puts all data under the first key of each setting."""

import signal
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from core.crypto import field_keys
from core.faults import fault_words
from core.json_commands import JSONCommand
from core.keys_in_use import FieldKeyRing, note_rotated
from core.models import KeyInUse
from core.rotating import Rotation, keys_of_trails, rotate_fields
from files.at_rest.key_ring import FileKeyRing, require_all_keys
from files.at_rest.master_keys import master_keys
from files.at_rest.rotating import FilesSeen, rotate_files


class Command(JSONCommand):
    help = (
        "把全部数据换到第一个密钥之下：在 FIELD_KEYS 和 FILE_KEYS 的最前面加上新密钥，"
        "重新启动全部进程，再运行本命令；成功后旧密钥可以去掉。可以中断，再次运行会接着做。"
        "退出码：0 全部换好，1 有没换好的，2 换不了。"
    )
    usage = "rotate_keys [--only fields|files]"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--only", choices=("fields", "files"), help="只换字段或只换文件的密钥")

    def handle(self, *, only: str | None = None, **_: Any) -> None:
        # A service's manager ends a command so; what was done stays done.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        self.fields, self.files = Rotation(), FilesSeen()
        try:
            require_all_keys()
            if only != "files":
                rotate_fields(self.fields)
            if only != "fields":
                rotate_files(self.files)
        except KeyboardInterrupt:
            self.answer(self._outcome(error="已中断，再次运行会接着做。"), 1)
        except ImproperlyConfigured as problem:
            self.refuse(str(problem))
        except (DatabaseError, OSError) as error:
            self.refuse(f"没有换好：{fault_words(error)}。", **self._outcome())
        if only != "files" and not self.fields.left:
            note_rotated(FieldKeyRing(), kept=keys_of_trails())
        if only != "fields" and not self.files.failed:
            note_rotated(FileKeyRing())
        is_done = not self.fields.left and not self.files.failed
        self.answer(self._outcome(done=is_done), 0 if is_done else 1)

    def _outcome(self, *, done: bool = False, **beside: str) -> dict[str, object]:
        return {
            "done": done,
            "fields": {
                "key": field_keys()[0],
                "rewritten": self.fields.rewritten,
                "left": self.fields.left,
            },
            # What a start goes on to ask for: the audit trail only grows, and keeps its keys.
            "needed": [str(row) for row in KeyInUse.objects.exclude(kind="hash")],
            "files": {"key": master_keys().writing, **self.files.as_json()},
            **beside,
        }
