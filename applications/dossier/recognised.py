"""Recognised text of the materials, held against what was typed.

Worked out anew each time it is shown, so that a corrected number is judged at once and nothing
has to be read again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from applications.models import Applicant, Application
from core.dates import day_words
from core.masks import mask_passport
from enterprises.licence import read_pages, state_of
from files.models import Page, Recognition
from files.recognition import Reading
from materials.catalogue import get
from materials.findings import Finding, Findings, MaterialFacts
from materials.kinds.passport import mrz
from materials.kinds.passport.reading import zone_text
from materials.kinds.passport.zone import NAMES, SEXES, begins, is_printed
from materials.numbers import MaterialNumber

# Findings by which a passport is another person's than whose identity number was typed.
WHOSE_PASSPORT = {"birth_date_differs": "出生日期", "sex_differs": "性别"}


@dataclass(frozen=True)
class Compared:
    """One fact: as read, as typed. `is_unsure` where its check digit does not hold."""

    label: str
    read: str
    typed: str
    verdict: str
    badge: str
    is_secret: bool = False

    @property
    def masked_read(self) -> str:
        return mask_passport(self.read) if self.is_secret else self.read

    @property
    def masked_typed(self) -> str:
        return mask_passport(self.typed) if self.is_secret else self.typed

    @property
    def where(self) -> str:
        """Which characters differ, since two masked numbers may look the same."""
        if not self.is_secret or self.read == self.typed or not (self.read and self.typed):
            return ""
        if len(self.read) != len(self.typed):
            return "位数不同"
        pairs = enumerate(zip(self.read, self.typed, strict=True), start=1)
        places = [str(place) for place, (read, typed) in pairs if read != typed]
        return f"第{'、'.join(places)}位不同"


@dataclass(frozen=True)
class Recognised:
    """`label` says how far it is; findings count until the officer has compared by eye."""

    label: str
    recognition: Recognition | None
    rows: tuple[Compared, ...] = ()
    problems: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    suggestions: tuple[tuple[str, Any], ...] = ()
    is_awaited: bool = False

    @property
    def foreign_facts(self) -> str:
        """What in the passport contradicts the identity number, in words; empty: it is his own."""
        found = {finding.code for finding in self.problems}
        return "、".join(words for code, words in WHOSE_PASSPORT.items() if code in found)

    @property
    def strangers_words(self) -> str:
        """Why nothing is taken over from this passport, and what to do; empty where it may be."""
        if not self.foreign_facts:
            return ""
        return (
            f"这本护照像是别人的：{self.foreign_facts}与身份证号码不一致。请换成申请人本人的护照；"
            "是身份证号码填错的，请先修改申请人信息。"
        )

    @property
    def is_checked(self) -> bool:
        return self.recognition is not None and self.recognition.checked_at is not None

    @property
    def needs_check(self) -> bool:
        """A machine could not tell, so the officer compares and says so."""
        is_read = self.recognition is not None and self.recognition.state == "done"
        unread = not is_read and not self.is_awaited
        return not self.is_checked and (unread or bool(self.problems or self.warnings))

    @property
    def is_unresolved(self) -> bool:
        """It was tried, and nothing certain came of it."""
        tried = self.recognition is not None and self.recognition.state in ("done", "failed")
        return tried and self.needs_check and not self.rows_agree

    @property
    def rows_agree(self) -> bool:
        return bool(self.rows) and all(row.verdict in ("一致", "没有填写") for row in self.rows)


def recognise_material(
    application: Application, number: int, pages: Sequence[Page], *, today: date
) -> Recognised | None:
    """None for a material that no machine looks at, or that has no page.

    Fetch the pages with `file__recognition`.
    """
    rule = get(number).recognition
    if rule is None or not pages:
        return None
    if number == MaterialNumber.LICENCE:
        return _licence(application, pages)
    recognition = pages[-1].file.recognised
    label = state_of(recognition)
    if recognition is None or recognition.reading is None:
        warnings = (rule.unread,) if recognition and recognition.state == "failed" else ()
        is_awaited = recognition is not None and recognition.is_awaited
        return Recognised(label, recognition, warnings=warnings, is_awaited=is_awaited)
    findings = Findings()
    rule.judge(recognition.reading, findings, application.applicant.typed, today)
    found = Recognised(
        label, recognition, problems=tuple(findings.problems), warnings=tuple(findings.warnings)
    )
    if number == MaterialNumber.PASSPORT:
        return _with_zone(found, application.applicant, recognition.reading, today)
    return found


def _licence(application: Application, pages: Sequence[Page]) -> Recognised:
    licence = read_pages(application.enterprise, pages)
    rows = tuple(
        Compared(row.label, row.read, row.typed, row.verdict, row.badge) for row in licence.rows
    )
    warnings: tuple[Finding, ...] = ()
    if licence.differences:
        names = "、".join(row.label for row in licence.differences)
        said = "经办人已确认以填写的为准，" if licence.is_confirmed else ""
        found = f"从营业执照上读到的{names}与填写的不一致。"
        code = "licence_confirmed" if licence.is_confirmed else "licence_differs"
        warnings = (Finding(code, found, f"{said}请对照执照核对。"),)
    return Recognised(
        licence.label,
        licence.recognition,
        rows,
        warnings=warnings,
        suggestions=tuple(licence.suggestions.items()),
        is_awaited=licence.is_awaited,
    )


def _with_zone(
    found: Recognised, applicant: Applicant, reading: Reading, today: date
) -> Recognised:
    """Adds what the passport's zone says, beside what was typed; nothing where it is unreadable."""
    text = zone_text(reading.lines)
    try:
        zone = mrz.parse(text, today=today)
    except mrz.MrzUnreadable:
        return found
    return replace(
        found,
        rows=_rows(zone, applicant.typed, text),
        suggestions=_suggestions(zone, applicant, text),
    )


def _rows(zone: mrz.Mrz, facts: MaterialFacts, text: str) -> tuple[Compared, ...]:
    pairs = (
        ("number", "护照号码", zone.number, facts.passport_number),
        ("surname", "姓（拼音）", zone.surname, facts.surname),
        ("given_names", "名（拼音）", zone.given_names, facts.given_names),
        ("birth_date", "出生日期", _words(zone.birth_date), _words(facts.birth_date)),
        ("sex", "性别", SEXES.get(zone.sex, ""), SEXES.get(facts.sex, "")),
        ("expires_on", "有效期至", _words(zone.expires_on), _words(facts.passport_expires_on)),
    )
    rows = []
    for field, label, read, typed in pairs:
        verdict, badge = "一致", "done"
        is_cut = field in NAMES and zone.names_cut
        agrees = read == typed or (is_cut and begins(typed, read))
        misread = not agrees and (is_cut or (field in NAMES and is_printed(typed, text)))
        if not read or field in zone.failed or (typed and misread):
            verdict, badge = "没有读准", "wait"
        elif not typed:
            verdict, badge = "没有填写", "wait"
        elif not agrees:
            verdict, badge = "不一致", "late"
        rows.append(Compared(label, read, typed, verdict, badge, is_secret=field == "number"))
    return tuple(rows)


def _suggestions(zone: mrz.Mrz, applicant: Applicant, text: str) -> tuple[tuple[str, Any], ...]:
    """Fields of the applicant that the zone fills in or corrects, with what it says."""
    read = {
        "surname": zone.surname,
        "given_names": zone.given_names,
        "passport_number": "" if "number" in zone.failed else zone.number,
        "passport_expires_on": None if "expires_on" in zone.failed else zone.expires_on,
    }
    return tuple(
        (field, value)
        for field, value in read.items()
        if value
        and value != (typed := getattr(applicant, field))
        and not (field in NAMES and (zone.names_cut or (typed and is_printed(typed, text))))
    )


def _words(day: date | None) -> str:
    return day_words(day) if day else ""
