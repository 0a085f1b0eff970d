"""The station's texts with what was chosen put in: `{天数}` in the template stands for 7."""

import re
from collections.abc import Mapping
from typing import Final

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from cards.models import StationText
from cards.refusals import Refusal

PLACE: Final = re.compile(r"\{([^{}]*)\}")
# What may stand in each text, and must for those that are asked for a choice.
PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    StationText.Code.RULES: ("企业", "保管", "地点", "天数", "遗失", "离职", "施行"),
    StationText.Code.COMMITMENT: ("企业", "领卡人", "职务", "证件", "电话", "日期", "持卡人"),
    StationText.Code.CHECKLIST: (),
}
MOST_CHECKS: Final = 30
LONGEST_CHECK: Final = 100


class TextRefused(Refusal):
    """The text cannot be used so; the sentence says what is wrong with it."""


def fill(text: str, chosen: Mapping[str, str]) -> str:
    """Each `{place}` by what was chosen; what stands there is never read as a place again."""
    return PLACE.sub(lambda found: chosen.get(found[1], found[0]), text)


def require_usable(code: str, text: str) -> None:
    """Raises TextRefused."""
    known, found = set(PLACES[code]), set(PLACE.findall(text))
    if unknown := found - known:
        raise TextRefused(
            f"不认识的空格：{_shown(unknown)}。可以用的有：{_shown(known) or '没有'}。"
        )
    if missing := known - found:
        raise TextRefused(f"缺少空格：{_shown(missing)}。生成时要把选择的内容填进去。")
    if "{" in PLACE.sub("", text) or "}" in PLACE.sub("", text):
        raise TextRefused("大括号没有成对。空格写成“{天数}”这样。")
    if code == StationText.Code.CHECKLIST:
        _require_checks(text)


def checks_of(text: str) -> list[str]:
    """The lines of a check list."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _require_checks(text: str) -> None:
    lines = checks_of(text)
    if not lines or len(lines) > MOST_CHECKS:
        raise TextRefused(f"检查清单一行一项，1到{MOST_CHECKS}项，现在是{len(lines)}项。")
    if too_long := [line for line in lines if len(line) > LONGEST_CHECK]:
        raise TextRefused(f"“{too_long[0][:20]}…”太长了，每项最多{LONGEST_CHECK}字。")
    if len(set(lines)) < len(lines):
        raise TextRefused("有重复的检查项，请只留一项。")


def _shown(places: set[str]) -> str:
    return "、".join(f"{{{place}}}" for place in sorted(places))


class TextOvertaken(Refusal):
    """A colleague saved another version after the page was opened."""


@transaction.atomic
def save_text(code: str, *, text: str, seen_version: int, by: User) -> StationText:
    """The next version; unchanged text is no version. Raises TextRefused, TextOvertaken."""
    require_usable(code, text)
    # Locks the newest, which every version of this text was once.
    newest = StationText.objects.select_for_update().filter(code=code).order_by("-version")[0]
    if newest.text == text:
        return newest
    if newest.version != seen_version:
        raise TextOvertaken(
            f"您打开这一页之后，同事保存了第{newest.version}版，您这次的没有保存。"
            "您写的还在下面，请对照现在的内容，再保存一次就以您的为准。"
        )
    saved = StationText.objects.create(
        code=code, version=newest.version + 1, text=text, created_by=by
    )
    after = {"version": saved.version}
    record("duty.text", saved, by=by, before={"version": newest.version}, after=after)
    return saved
