"""The station's own templates of letters, as a part of its file (ADR 62)."""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, Final

from core.station_parts import Faults, StationPart
from letters.catalogue import KINDS
from letters.kind import LetterKind
from letters.models import LetterTemplate
from letters.templates import judge, replace_template, restore_template, template_bytes
from letters.word.package import MOST_BYTES

KEYS: Final = ("code", "template")
# In base64 four signs are three bytes.
LONGEST: Final = MOST_BYTES * 4 // 3 + 4


class TemplatesPart(StationPart):
    code = "letter_templates"
    label = "函件模板"

    def export(self) -> list[dict[str, str]]:
        """Those that the station put in place of the portal's own."""
        found = {code: _current(LetterTemplate.objects.newest(code), KINDS[code]) for code in KINDS}
        return [
            {"code": code, "template": b64encode(data).decode()}
            for code, data in found.items()
            if data is not None
        ]

    def check(self, data: Any, faults: Faults) -> None:
        codes = []
        for place, row in faults.rows(data, self.code, most=len(KINDS)):
            faults.only(row, place, KEYS)
            kind = KINDS.get(str(row.get("code")))
            if kind is None:
                faults.add(f"{place}.code", f"没有这类函件。可以写的有：{'、'.join(KINDS)}。")
                continue
            codes.append(kind.code)
            self._check_template(kind, row, place, faults)
        if len(set(codes)) < len(codes):
            faults.add(self.code, "有一类函件写了两个模板。")

    def _check_template(
        self, kind: LetterKind, row: Mapping[str, Any], place: str, faults: Faults
    ) -> None:
        text = faults.text(row, "template", place, most=LONGEST)
        if not text or len(text) > LONGEST:
            return
        try:
            data = b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            faults.add(f"{place}.template", "应是Word文件的base64编码。")
            return
        for problem in judge(data, kind).report.problems:
            faults.add(f"{place}.template", problem.message)

    def load(self, data: Any) -> int:
        """Another template is the next version; a kind that is left out has the portal's own."""
        wanted = {row["code"]: b64decode(row["template"]) for row in data}
        return sum(_put(kind, wanted.get(code)) for code, kind in KINDS.items())


def _current(newest: LetterTemplate | None, kind: LetterKind) -> bytes | None:
    return template_bytes(newest, kind) if newest is not None and newest.file else None


def _put(kind: LetterKind, data: bytes | None) -> bool:
    newest = LetterTemplate.objects.newest(kind.code)
    seen = newest.version if newest else 0
    if _current(newest, kind) == data:
        return False
    if data is None:
        restore_template(kind, version=0, seen_version=seen, by=None)
        return True
    _, row = replace_template(kind, data, name=f"{kind.name}.docx", seen_version=seen, by=None)
    return row is not None and row.version > seen
