"""What a machine reads on the business licence, line by line.

Only suggestions: seals and guilloches cover parts of a licence, so nothing is refused by them.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError

from core import text as canonical
from core.identifiers import validate_credit_code
from files.recognition import LineOfText, Reading
from materials.findings import Findings, MaterialFacts

# Labels as licences print them, blanks taken out. Longer ones first: 住所 ends 主要经营场所.
LABELS: dict[str, tuple[str, ...]] = {
    "name": ("名称",),
    "address": ("主要经营场所", "营业场所", "经营场所", "住所", "地址"),
    "registration_authority": ("登记机关",),
}
FIELD_NAMES = {
    "credit_code": "统一社会信用代码",
    "name": "单位名称",
    "address": "住所",
    "registration_authority": "登记机关",
}
OTHER_LABELS = ("类型", "法定代表人", "注册资本", "成立日期", "营业期限", "经营范围")
CREDIT_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])")


@dataclass(frozen=True)
class LicenceFact:
    """One fact of the licence; `read` is empty where it could not be made out."""

    field: str
    read: str
    typed: str

    @property
    def label(self) -> str:
        return FIELD_NAMES[self.field]

    @property
    def differs(self) -> bool:
        return bool(self.read) and _bare(self.read) != _bare(self.typed)

    @property
    def verdict(self) -> str:
        if not self.read:
            return "没有读出"
        if not self.typed:
            return "没有填写"
        return "不一致" if self.differs else "一致"

    @property
    def badge(self) -> str:
        if not self.read:
            return "wait"
        if not self.typed:
            return "act"
        return "late" if self.differs else "done"


def judge_licence(reading: Reading, findings: Findings, facts: MaterialFacts, _today: date) -> None:
    """Hold what was read against the name and code in `facts`. Only warnings."""
    read = facts_in(reading.lines)
    if "credit_code" not in read:
        findings.warn(
            "licence_unread",
            "没有从营业执照上读出有效的统一社会信用代码。",
            "请确认文字清晰、没有反光；专员会人工核对。",
        )
    typed = {"credit_code": facts.credit_code, "name": facts.enterprise}
    for field, value in typed.items():
        found = read.get(field, "")
        if LicenceFact(field, found, value or found).differs:
            findings.warn(
                "licence_differs",
                f"营业执照上读到的{FIELD_NAMES[field]}是“{found}”，填写的是“{value}”。",
                "请对照执照核对。",
            )


def facts_in(lines: Iterable[LineOfText]) -> dict[str, str]:
    """Credit code, name, address and authority, as far as they can be made out."""
    lines = list(lines)
    facts = {field: _behind(labels, lines) for field, labels in LABELS.items()}
    facts["credit_code"] = next(filter(None, map(_credit_code, lines)), "")
    return {field: value for field, value in facts.items() if value}


def _credit_code(line: LineOfText) -> str:
    for code in CREDIT_CODE.findall(_bare(line.text).upper()):
        try:
            return validate_credit_code(code)
        except ValidationError:
            continue
    return ""


def _behind(labels: Sequence[str], lines: Sequence[LineOfText]) -> str:
    """The value of the first of these labels: in the same line, or right of it and below."""
    for label in labels:
        for line in lines:
            text = _bare(line.text)
            if not text.startswith(label):
                continue
            value = text.removeprefix(label).lstrip(":")
            return _printed(value) or _beside(line, lines)
    return ""


def _beside(label: LineOfText, lines: Sequence[LineOfText]) -> str:
    """What stands right of a label, with the lines below that continue it."""
    _, top, right, bottom = label.box
    height = bottom - top
    row = [
        line
        for line in lines
        if line is not label
        and line.box[0] >= right - height // 2
        and abs((line.box[1] + line.box[3]) - (top + bottom)) < height
    ]
    if not row:
        return ""
    first = min(row, key=lambda line: line.box[0])
    parts, last = [first.text], first
    for line in sorted(lines, key=lambda line: line.box[1]):
        follows = 0 < line.box[1] - last.box[1] < (last.box[3] - last.box[1]) * 1.45
        if follows and abs(line.box[0] - first.box[0]) < height and not _is_label(line, lines):
            parts.append(line.text)
            last = line
    return _printed("".join(parts))


def _is_label(line: LineOfText, lines: Sequence[LineOfText]) -> bool:
    """Whether a line names the next fact, or has the label of one to its left."""
    known = (*(label for labels in LABELS.values() for label in labels), *OTHER_LABELS)
    middle = line.box[1] + line.box[3]
    height = line.box[3] - line.box[1]
    beside = [
        other
        for other in lines
        if other.box[2] <= line.box[0] + height
        and abs(other.box[1] + other.box[3] - middle) < height
    ]
    return any(_bare(other.text).startswith(known) for other in (line, *beside))


def _bare(text: str) -> str:
    """Without blanks, in half-width forms, brackets alike: what two people would call equal."""
    return canonical.compact(canonical.name(text))


def _printed(text: str) -> str:
    """As a licence prints it: no blanks, brackets of full width."""
    return canonical.name(_bare(text))
