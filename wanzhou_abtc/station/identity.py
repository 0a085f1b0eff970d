"""Names, hotline, hours and targets: settings, which a file in PORTAL_DATA sets for a station.

The environment of whoever starts the portal wins over that file, as over `env` beside it.
"""

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core.station_parts import Faults, StationPart
from wanzhou_abtc.office_hours import read_office_hours

FILE: Final = "station.env"
# What the file's own writing takes for something else.
SPECIAL: Final = frozenset("\"'\\$`")


@dataclass(frozen=True)
class Setting:
    """One line of the file: where it stands in the part, and how it is called as a setting.

    `least` and `most` bound a number; a text has `most` characters at the most.
    """

    key: str
    name: str
    get: Callable[[], Any]
    most: int
    least: int | None = None
    required: bool = False
    pattern: str = ""
    example: str = ""


def _of(name: str) -> Callable[[], Any]:
    return lambda: getattr(settings, name)


def _in(name: str, key: str) -> Callable[[], Any]:
    return lambda: getattr(settings, name)[key]


def _hours() -> str:
    """As the setting writes them: 09:00-12:00,14:00-18:00."""
    periods: Sequence[tuple[time, time]] = settings.OFFICE_HOURS
    return ",".join("-".join(one.isoformat("minutes") for one in period) for period in periods)


NAMES: Final = (
    Setting(
        "name", "STATION_NAME", _of("STATION_NAME"), 40, required=True,
        example="样例区APEC商务旅行卡协办服务站",
    ),
    Setting(
        "short", "STATION_SHORT", _of("STATION_SHORT"), 8, required=True,
        pattern=r"[\u4e00-\u9fff]{2,8}", example="样例",
    ),
    Setting(
        "district", "DISTRICT_NAME", _of("DISTRICT_NAME"), 20, required=True,
        pattern=r"[\u4e00-\u9fff]{1,19}[区县]", example="样例区",
    ),
    Setting(
        "code", "DISTRICT_CODE", _of("DISTRICT_CODE"), 6, required=True,
        pattern=r"50\d{4}", example="500101",
    ),
    Setting(
        "hotline", "HOTLINE", _of("HOTLINE"), 30, required=True,
        pattern=r"[0-9 \-－（）()\u4e00-\u9fff]*[0-9][0-9 \-－（）()\u4e00-\u9fff]*",
        example="023-58000000",
    ),
    Setting("address", "STATION_ADDRESS", _of("STATION_ADDRESS"), 100),
    Setting("transport", "STATION_TRANSPORT", _of("STATION_TRANSPORT"), 200),
    Setting(
        "office_hours", "OFFICE_HOURS", _hours, 60, required=True,
        example="09:00-12:00,14:00-18:00",
    ),
    Setting("sponsor", "SITE_SPONSOR", _in("SITE_FOOT", "sponsor"), 60),
    Setting("operator", "SITE_OPERATOR", _in("SITE_FOOT", "operator"), 60),
    Setting("site_code", "SITE_CODE", _in("SITE_FOOT", "code"), 30),
    Setting("icp", "SITE_ICP", _in("SITE_FOOT", "icp"), 60),
    Setting("site_police", "SITE_POLICE", _in("SITE_FOOT", "police"), 60),
    Setting("faults_url", "SITE_FAULTS_URL", _in("SITE_FOOT", "faults_url"), 200),
)  # fmt: skip
TARGETS: Final = (
    Setting("departments", "TARGET_DEPARTMENTS", _in("TARGET_DAYS", "departments"), 30, 1),
    Setting("whole", "TARGET_WHOLE", _in("TARGET_DAYS", "whole"), 60, 1),
    Setting(
        "verification", "STATION_DAYS_VERIFICATION", _in("STATION_DAYS", "verification"), 30, 0
    ),
    Setting("pre_review", "STATION_DAYS_PRE_REVIEW", _in("STATION_DAYS", "pre_review"), 30, 0),
    Setting("corrections", "ANSWER_DAYS_CORRECTIONS", _in("ANSWER_DAYS", "corrections"), 120, 0),
    Setting("supplement", "ANSWER_DAYS_SUPPLEMENT", _in("ANSWER_DAYS", "supplement"), 120, 0),
    Setting("letter_months", "LETTER_VALID_MONTHS", _of("LETTER_VALID_MONTHS"), 120, 1),
    Setting("commitment_months", "COMMITMENT_VALID_MONTHS", _of("COMMITMENT_VALID_MONTHS"), 120, 1),
)


class SettingsPart(StationPart):
    """Some lines of the file; a part of the station's own file, beside what rooms declare."""

    lines: tuple[Setting, ...] = ()

    def export(self) -> dict[str, Any]:
        return {line.key: line.get() for line in self.lines}

    def check(self, data: Any, faults: Faults) -> None:
        if not isinstance(data, Mapping):
            faults.add(self.code, "应是一组名称和值。")
            return
        faults.only(data, self.code, [line.key for line in self.lines])
        for line in self.lines:
            self._check_line(line, data, faults)

    def _check_line(self, line: Setting, data: Mapping[str, Any], faults: Faults) -> None:
        if line.least is not None:
            faults.whole(data, line.key, self.code, least=line.least, most=line.most)
            return
        found = faults.text(
            data,
            line.key,
            self.code,
            most=line.most,
            pattern=line.pattern,
            example=line.example,
            required=line.required,
        )
        if SPECIAL & set(found):
            faults.add(f"{self.code}.{line.key}", "不能有引号、反斜杠、反引号和美元符号。")

    def difference(self, data: Mapping[str, Any]) -> int:
        """How many lines say something else than what holds."""
        return sum(line.get() != data.get(line.key, "") for line in self.lines)

    def values(self, data: Mapping[str, Any]) -> dict[str, str]:
        """By the names of the settings."""
        return {line.name: str(data.get(line.key, "")) for line in self.lines}


class NamesPart(SettingsPart):
    code, label, lines = "station", "名称、地址和热线", NAMES

    def check(self, data: Any, faults: Faults) -> None:
        super().check(data, faults)
        hours = data.get("office_hours") if isinstance(data, Mapping) else None
        if isinstance(hours, str) and hours:
            try:
                read_office_hours(hours)
            except ImproperlyConfigured as wrong:
                faults.add("station.office_hours", str(wrong))


class TargetsPart(SettingsPart):
    code, label, lines = "targets", "时限", TARGETS

    def check(self, data: Any, faults: Faults) -> None:
        super().check(data, faults)
        if not isinstance(data, Mapping):
            return
        days, whole = data.get("departments"), data.get("whole")
        if isinstance(days, int) and isinstance(whole, int) and days > whole:
            faults.add("targets.whole", "全部办结的时限不能短于各部门的时限。")


PARTS: Final = (NamesPart(), TargetsPart())


def values_of(content: Mapping[str, Any]) -> dict[str, str]:
    """Every line of the file that `station init` writes, by the name of its setting."""
    found: dict[str, str] = {}
    for part in PARTS:
        found |= part.values(content[part.code])
    return found


def kept() -> dict[str, str]:
    """What the file in PORTAL_DATA says now."""
    try:
        lines = _path().read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name: value.strip('"') for name, _, value in pairs}


def _path() -> Path:
    return Path(settings.PORTAL_DATA) / FILE


def overruled(values: Mapping[str, str]) -> list[str]:
    """Settings that the environment fixes otherwise than the file would."""
    own = kept()
    return [
        name
        for name, value in values.items()
        if os.environ.get(name, value) not in (value, own.get(name, value))
    ]


def save(values: Mapping[str, str]) -> bool:
    """Write the file, whole or not at all; whether anything in it changed. Raises OSError."""
    if kept() == dict(values):
        return False
    head = "# 由 script/manage station init 写成；环境变量和 env 文件里的优先。\n"
    text = head + "".join(f'{name}="{value}"\n' for name, value in values.items())
    handle, temporary = tempfile.mkstemp(dir=_path().parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(temporary).replace(_path())
    return True


def put_in_force(values: Mapping[str, str]) -> None:
    """In this process; the others read the file when they start."""
    for name in ("STATION_NAME", "STATION_SHORT", "DISTRICT_NAME", "DISTRICT_CODE", "HOTLINE",
                 "STATION_ADDRESS", "STATION_TRANSPORT"):  # fmt: skip
        setattr(settings, name, values[name])
    settings.OTP_TOTP_ISSUER = f"{values['STATION_SHORT']}ABTC"
    settings.OFFICE_HOURS = read_office_hours(values["OFFICE_HOURS"])
    foot = ("sponsor", "operator", "code", "icp", "police", "faults_url")
    settings.SITE_FOOT = {key: values[f"SITE_{key.upper()}"] for key in foot}
    number = {name: int(values[name]) for name in (line.name for line in TARGETS)}
    settings.TARGET_DAYS = {
        "departments": number["TARGET_DEPARTMENTS"],
        "whole": number["TARGET_WHOLE"],
    }
    for group in ("STATION_DAYS", "ANSWER_DAYS"):
        keys = getattr(settings, group)
        setattr(settings, group, {key: number[f"{group}_{key.upper()}"] for key in keys})
    settings.LETTER_VALID_MONTHS = number["LETTER_VALID_MONTHS"]
    settings.COMMITMENT_VALID_MONTHS = number["COMMITMENT_VALID_MONTHS"]
