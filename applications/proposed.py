"""What a passport that was uploaded first proposes for the form of its holder, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from applications.models import ProposedPassport
from core.dates import day_words
from files.models import Recognition
from materials.catalogue import get
from materials.findings import Finding, Findings, MaterialFacts
from materials.kinds.passport import mrz
from materials.kinds.passport.reading import zone_text
from materials.kinds.passport.zone import SEXES
from materials.numbers import MaterialNumber

UNSURE = "没有读准，请照护照填写"
BY_HAND = "请照护照填写下面的表。"
WORDS = {
    Recognition.State.QUEUED: "正在自动识别，一般几分钟内完成。不想等的，可以直接填写下面的表。",
    Recognition.State.FAILED: f"没能自动识别，{BY_HAND}",
    Recognition.State.DONE: "已经读完，请与护照核对。",
}


@dataclass(frozen=True)
class ProposedFact:
    """One fact as it was read; `words` say where it was not read for certain."""

    label: str
    read: str
    words: str = ""


@dataclass(frozen=True)
class Proposal:
    """The passport beside what a machine read in it; `values` are for the form, by its fields.

    `label` says how far recognition is, `problems` why this passport will not do.
    """

    page: ProposedPassport
    label: str
    is_awaited: bool = False
    facts: tuple[ProposedFact, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()


def read_proposal(page: ProposedPassport, *, today: date) -> Proposal:
    """Fetch the page with `file__recognition`."""
    recognition = page.file.recognised
    is_awaited = recognition is not None and recognition.is_awaited
    if recognition is None or (recognition.reading is None and not is_awaited):
        failed = recognition is not None and recognition.state == Recognition.State.FAILED
        words = WORDS[Recognition.State.FAILED] if failed else f"自动识别暂不可用，{BY_HAND}"
        return Proposal(page, words)
    label = WORDS[Recognition.State(recognition.state)]
    if recognition.reading is None:
        return Proposal(page, label, is_awaited=True)
    rule, findings = get(MaterialNumber.PASSPORT).recognition, Findings()
    assert rule is not None  # noqa: S101 - a passport's zone is read
    rule.judge(recognition.reading, findings, MaterialFacts(), today)
    problems, warnings = tuple(findings.problems), tuple(findings.warnings)
    try:
        zone = mrz.parse(zone_text(recognition.reading.lines), today=today)
    except mrz.MrzUnreadable:
        return Proposal(page, f"{label}{BY_HAND}", problems=problems, warnings=warnings)
    values = _values(zone)
    return Proposal(
        page,
        label,
        facts=_facts(zone, values),
        values={} if problems else values,
        problems=problems,
        warnings=warnings,
    )


def _values(zone: mrz.Mrz) -> dict[str, Any]:
    """What was read for certain; of names that the zone cuts off nothing is."""
    names = {"surname": zone.surname, "given_names": zone.given_names}
    read: dict[str, Any] = {} if zone.names_cut else dict(names)
    if "number" not in zone.failed:
        read["passport_number"] = zone.number
    if "expires_on" not in zone.failed:
        read["passport_expires_on"] = zone.expires_on
    return {name: value for name, value in read.items() if value}


def _facts(zone: mrz.Mrz, values: Mapping[str, Any]) -> tuple[ProposedFact, ...]:
    entered = (
        ("护照号码", zone.number, "passport_number" in values),
        ("护照有效期至", day_words(zone.expires_on), "passport_expires_on" in values),
        ("姓（拼音）", zone.surname, "surname" in values),
        ("名（拼音）", zone.given_names, "given_names" in values),
    )
    compared = (
        ("出生日期", day_words(zone.birth_date), "birth_date"),
        ("性别", SEXES.get(zone.sex, ""), "sex"),
    )
    return (
        *(ProposedFact(label, read, "" if sure else UNSURE) for label, read, sure in entered),
        *(
            ProposedFact(label, read, "以身份证号码为准")
            for label, read, name in compared
            if read and name not in zone.failed
        ),
    )
