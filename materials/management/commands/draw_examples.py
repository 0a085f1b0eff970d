"""Draws the examples that stand beside the rules; run it after changing a drawing."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from materials.catalogue import CATALOGUE
from materials.samples.examples import draw_example


class Command(BaseCommand):
    help = "重新绘制材料样例图，写入 static/src。"
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "static" / "src"
        drawn = {example.file: example for kind in CATALOGUE for example in kind.examples}
        for file, example in sorted(drawn.items()):
            data = draw_example(example.name)
            (folder / file).write_bytes(data)
            self.stdout.write(f"{file} {len(data)}字节")
