"""The station's file: read from JSON or TOML, checked as a whole, and written."""

import json
import tomllib
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Any, Final

from core.faults import fault_words
from core.station_parts import Faults, StationPart, station_parts
from wanzhou_abtc.station import identity

FORMAT: Final = "abtc-station"
VERSION: Final = 1
MOST_BYTES: Final = 20_000_000
HEAD: Final = ("format", "version")


class FileUnreadable(Exception):
    """It is no station's file; the sentence says why."""


def parts() -> list[StationPart]:
    """Names and targets first, then what the rooms declare."""
    return [*identity.PARTS, *station_parts()]


def export() -> dict[str, Any]:
    """This station as its file."""
    return {"format": FORMAT, "version": VERSION, **{one.code: one.export() for one in parts()}}


def as_text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def read(path: Path) -> dict[str, Any]:
    """The content of a file, not checked yet. Raises FileUnreadable."""
    content = _parsed(path)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise FileUnreadable(f"这不是服务站的设置文件：开头应有 format = “{FORMAT}”。")
    if content.get("version") != VERSION:
        raise FileUnreadable(
            f"这个文件是第{str(content.get('version'))[:20]}版的格式，本门户读的是第{VERSION}版。"
            "请用同一版的门户导出。"
        )
    return content


def _parsed(path: Path) -> Any:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise FileUnreadable(f"文件超过{MOST_BYTES // 1_000_000} MB，不像服务站的设置文件。")
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise FileUnreadable(f"没有这个文件：{path.name}。") from None
    except UnicodeDecodeError:
        raise FileUnreadable("文件不是UTF-8的文本。") from None
    except OSError as error:
        raise FileUnreadable(f"文件读不出来：{fault_words(error)}。") from None
    try:
        return _plain(tomllib.loads(text)) if path.suffix == ".toml" else json.loads(text)
    except json.JSONDecodeError as wrong:
        raise FileUnreadable(f"JSON第{wrong.lineno}行第{wrong.colno}列写错了。") from None
    except tomllib.TOMLDecodeError as wrong:
        raise FileUnreadable(f"TOML写错了：{wrong}。") from None
    except (ValueError, RecursionError):
        raise FileUnreadable("文件的内容读不懂。") from None


def _plain(value: Any) -> Any:
    """As JSON has it: TOML knows days, JSON writes them."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | time) else value


def faults_of(content: Mapping[str, Any]) -> list[dict[str, str]]:
    """Everything that is wrong; names and targets have to be there, other parts may be left out."""
    faults = Faults()
    known = [one.code for one in parts()]
    faults.only(content, "文件", [*HEAD, *known])
    for part in parts():
        if part.code in content:
            part.check(content[part.code], faults)
        elif part in identity.PARTS:
            faults.add(part.code, f"缺少“{part.label}”。")
    return faults.found
