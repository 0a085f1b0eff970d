"""backup TO: database and files as one snapshot in a folder, encrypted to public keys."""

from argparse import ArgumentParser
from typing import Any

from backups.commands import BackupCommand
from backups.models import BackupRun
from backups.places import BackupPlace
from backups.runs import recorded, succeed
from backups.sealing import recipients
from backups.taking import take


class Command(BackupCommand):
    help = "备份数据库和文件：加密、读回核对后才算数；门户照常运行。"
    usage = "backup TO"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("to", help="放备份的文件夹")

    def work(self, options: dict[str, Any]) -> dict[str, Any]:
        keys, place = recipients(), BackupPlace.at(options["to"])
        with place.locked(), recorded(BackupRun.Kind.BACKUP) as run:
            taken = take(place, keys)
            manifest = taken.manifest
            lost = [*manifest.missing, *manifest.damaged]
            words = f"备份做好了，但有{len(lost)}个文件在门户里本来就缺失或损坏。" if lost else ""
            succeed(run, manifest, words=words, is_good=manifest.is_whole)
        return {
            "good": manifest.is_whole,
            "snapshot": manifest.snapshot,
            "made_at": manifest.made_at.isoformat(),
            "tables": len(manifest.tables),
            "rows": manifest.rows,
            "files": manifest.files,
            "new_files": taken.new_files,
            "bytes": manifest.bytes,
            "seconds": manifest.seconds,
            "missing": manifest.missing,
            "damaged": manifest.damaged,
            "removed": taken.removed,
            "removed_files": taken.removed_files,
            **({"error": words} if words else {}),
        }
