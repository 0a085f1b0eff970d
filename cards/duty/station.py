"""Texts that a station words itself, as a part of its file (ADR 62)."""

from typing import Any, Final

from django.db.models import Max

from accounts.audit import record
from cards.duty.texts import TextRefused, require_usable
from cards.models import StationText
from core.station_parts import Faults, StationPart

LONGEST: Final = 20_000


class TextsPart(StationPart):
    code = "texts"
    label = "用卡管理的文本"

    def export(self) -> list[dict[str, str]]:
        newest = StationText.objects.newest
        return [{"code": code, "text": newest(code).text} for code in StationText.Code.values]

    def check(self, data: Any, faults: Faults) -> None:
        for place, row in faults.rows(data, self.code, most=len(StationText.Code.values)):
            faults.only(row, place, ("code", "text"))
            text = faults.text(row, "text", place, most=LONGEST, lines=True)
            code = row.get("code")
            if code not in StationText.Code.values:
                known = "、".join(StationText.Code.values)
                faults.add(f"{place}.code", f"没有这个文本。可以写的有：{known}。")
                continue
            try:
                require_usable(code, text)
            except TextRefused as refused:
                faults.add(f"{place}.text", str(refused))

    def load(self, data: Any) -> int:
        """A text that is worded otherwise is the next version."""
        return sum(self._save(row["code"], row["text"]) for row in data)

    def _save(self, code: str, text: str) -> bool:
        if StationText.objects.newest(code).text == text:
            return False
        last = StationText.objects.filter(code=code).aggregate(last=Max("version"))["last"]
        saved = StationText.objects.create(code=code, version=last + 1, text=text)
        record("duty.text", saved, by=None, before={"version": last}, after={"version": last + 1})
        return True
