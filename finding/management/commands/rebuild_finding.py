"""`script/manage rebuild_finding`: the search index anew, after an upgrade."""

from typing import Any

from django.core.management.base import BaseCommand

from finding.rebuilding import rebuild


class Command(BaseCommand):
    help = "重建查找用的索引；平时每夜自动进行。"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"已重建，共{rebuild()}条。")
