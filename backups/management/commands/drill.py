"""drill [FROM]: the newest backup brought back into a scratch folder, and thrown away again."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings

from backups.commands import STANDARD_INPUT, BackupCommand, add_identity, identities_of
from backups.drills import drill
from backups.refusals import BackupRefused
from backups.returning import SnapshotSource

NO_PLACE = "没有写明备份在哪里，也没有设置 BACKUP_TO。"


class Command(BackupCommand):
    help = "演练：把最新的备份恢复到临时的地方，逐项核对，然后删去。"
    usage = "drill [FROM] [--identity FILE]"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("source", nargs="?", metavar="FROM", help="不写则是 BACKUP_TO")
        add_identity(parser)

    def work(self, options: dict[str, Any]) -> dict[str, Any]:
        address = options["source"] or settings.BACKUP_TO
        if not address:
            raise BackupRefused(NO_PLACE)
        name = options["identity"] or settings.DRILL_IDENTITY
        given = sys.stdin.read() if name == STANDARD_INPUT else ""
        identities_of(name, given)
        identity = given or Path(name).read_text(encoding="utf-8")
        return {**drill(SnapshotSource.at(address), identity).answer}
