"""restore FROM --into EMPTY: a snapshot into an empty folder and an empty database."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings

from backups import elsewhere, empty, keys
from backups.commands import STANDARD_INPUT, BackupCommand, add_identity, identities_of
from backups.refusals import BackupRefused, NotGood
from backups.returning import SnapshotSource, database_alone, facts, give_back


class Command(BackupCommand):
    help = "把备份恢复到空的文件夹和空的数据库（DATABASE_URL，不设则是该文件夹里的 SQLite）。"
    usage = "restore FROM --into EMPTY --identity FILE"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("source", metavar="FROM", help="一份备份，或放备份的文件夹（最新一份）")
        parser.add_argument("--into", required=True, metavar="EMPTY", help="空的数据文件夹")
        parser.add_argument("--database", action="store_true", help="只有数据库（内部使用）")
        parser.add_argument("--env", metavar="FILE", help="密钥文件，恢复后放进去（内部使用）")
        add_identity(parser)

    def work(self, options: dict[str, Any]) -> dict[str, Any]:
        into = Path(options["into"]).absolute()
        given = sys.stdin.read() if options["identity"] == STANDARD_INPUT else ""
        identities = identities_of(options["identity"], given)
        if options["database"]:
            return {"good": True, **facts(database_alone(Path(options["source"]), identities))}
        source = SnapshotSource.at(options["source"])
        env_file = Path(options["env"]) if options["env"] else None
        if into.resolve() != Path(settings.PORTAL_DATA):
            return self._elsewhere(source, into, options["identity"], given)
        returned = give_back(source, identities, env_file=env_file)
        answer = {"good": not returned.lost, **facts(returned)}
        if returned.lost:
            answer["error"] = "已经恢复；有文件在备份以前就缺失或损坏，见 lost。"
        return answer

    def _elsewhere(
        self, source: SnapshotSource, into: Path, identity: str, given: str
    ) -> dict[str, Any]:
        """The settings are another folder's there, so the process is another, too."""
        empty.require_empty_folder(into)
        arguments = ["restore", str(source.folder), "--into", str(into), "--identity", identity]
        if keys.here().is_file():
            arguments += ["--env", str(keys.here())]
        answer, status = elsewhere.run(
            *arguments, given=given, environment={"PORTAL_DATA": str(into)}
        )
        if status > 1:
            raise BackupRefused(str(answer.get("error")))
        if "snapshot" not in answer:
            raise NotGood(str(answer.get("error")))
        return answer
