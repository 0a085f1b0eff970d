"""Content of a letter: a kind's texts with what is known and typed in them, in one showing.

One content gives the page, the Word file and the PDF. What is missing stands in it, marked.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from core import text
from core.masks import mask_card, mask_id_number, mask_passport, mask_phone
from letters.kind import BLANK, LISTS, PEOPLE, Field, LetterKind, Names
from letters.word.filling import Context, Lines, Rows

PLACE: Final = re.compile(r"\{([^{}]*)\}")
MISSING: Final = "【待填：{}】"
MARK: Final = MISSING.partition("{")[0]
# The words under a letter that the portal set.
SET_BY: Final = "本页由{服务站}门户按登记的内容排好，请核对。咨询热线：{热线}"

BY_HAND: Final = "参考文本，由{服务站}编写，请按实际情况填写，打印时可删去本行。咨询热线：{热线}"


class Showing(StrEnum):
    """WHOLE on paper, MASKED on a page, BLANK on the sheet that is filled in by hand."""

    WHOLE = "whole"
    MASKED = "masked"
    BLANK = "blank"


MASKS: Final = {
    "身份证号码": mask_id_number,
    "护照号码": mask_passport,
    "新护照号码": mask_passport,
    "卡号": mask_card,
    "原卡号": mask_card,
    "联系电话": mask_phone,
}


@dataclass(frozen=True)
class Typed:
    """What somebody wrote: values by field, the same by applicant, and the texts."""

    values: Mapping[str, str]
    people: Sequence[Mapping[str, str]] = ()
    body: str = ""
    person_line: str = ""


@dataclass
class Content:
    """`missing` are the fields that are used and that nobody has filled in yet."""

    kind: LetterKind
    title: str = ""
    to: str = ""
    paragraphs: list[str] = field(default_factory=list)
    sign: list[str] = field(default_factory=list)
    note: str = ""
    values: dict[str, str] = field(default_factory=dict)
    people: list[dict[str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def context(self) -> Context:
        """By the tags of a Word template."""
        return {
            **self.values,
            "标题": self.title,
            "抬头": self.to,
            LISTS[0]: Lines(self.paragraphs),
            LISTS[1]: Lines(self.sign),
            "附注": self.note,
            "申请人": Rows(self.people),
        }


def compose(kind: LetterKind, typed: Typed, showing: Showing) -> Content:
    """A place that is no field's stays as it was typed; `unknown_places` tells them."""
    content = Content(kind)
    composer = _Composer(kind, typed, showing, content)
    composer.fill_fields()
    content.title = composer.filled(kind.title)
    content.to = composer.filled(kind.to)
    content.paragraphs = list(composer.paragraphs())
    content.sign = [composer.filled(line) for line in kind.sign]
    content.note = composer.filled(BY_HAND if showing == Showing.BLANK else kind.note or SET_BY)
    return content


def unknown_places(kind: LetterKind, body: str, person_line: str) -> list[str]:
    """Places in these texts that no field has."""
    known = {one.name for one in kind.all_fields} | {"申请人", "申请人姓名"}
    of_people = {one.name for one in kind.all_person_fields}
    found = [one for one in PLACE.findall(body) if one not in known]
    found += [one for one in PLACE.findall(person_line) if one not in known | of_people]
    return list(dict.fromkeys(found))


class _Composer:
    def __init__(self, kind: LetterKind, typed: Typed, showing: Showing, content: Content) -> None:
        self.kind, self.typed, self.showing, self.content = kind, typed, showing, content

    def fill_fields(self) -> None:
        for one in self.kind.all_fields:
            self.content.values[one.name] = self._shown(one, self.typed.values)
        for person in self.typed.people:
            self.content.people.append(self._row(person))
        self.content.values["申请人姓名"] = self._names()

    def _row(self, person: Mapping[str, str]) -> dict[str, str]:
        """What is typed of him may hold his own numbers' places, as of an earlier card."""
        row = {one.name: self._shown(one, person) for one in self.kind.all_person_fields}
        return {
            name: PLACE.sub(lambda found: row.get(found[1], found[0]), value)
            for name, value in row.items()
        }

    def _names(self) -> str:
        names = [person["姓名"] for person in self.content.people]
        many = f"等{len(names)}人" if len(names) > 1 and self.showing != Showing.BLANK else ""
        nobody = BLANK if self.showing == Showing.BLANK else MISSING.format("申请人")
        return "、".join(names) + many if names else nobody

    def _shown(self, one: Field, values: Mapping[str, str]) -> str:
        value = text.line(values.get(one.name, ""))
        if self.showing == Showing.BLANK:
            return value or one.blank
        if not value:
            return one.blank if one.is_optional else MISSING.format(one.name)
        if self.showing == Showing.MASKED and one.is_secret:
            return MASKS[one.name](value)
        return value

    def paragraphs(self) -> list[str]:
        found: list[str] = []
        for line in self.typed.body.splitlines():
            if line.strip() == PEOPLE:
                found += self._people()
            elif filled := self.filled(line.strip()):
                found.append(filled)
        return found

    def _people(self) -> list[str]:
        if not self.content.people and self.kind.names != Names.NOBODY:
            return [self._noted("申请人")]
        lines = [
            self.filled(self.typed.person_line, {**self.content.values, **row})
            for row in self.content.people
        ]
        if len(lines) == 1:
            return lines
        return [f"{number}．{line}" for number, line in enumerate(lines, 1)]

    def filled(self, words: str, values: Mapping[str, str] | None = None) -> str:
        known = self.content.values if values is None else values
        for name in PLACE.findall(words):
            if known.get(name, "").startswith(MARK):
                self._noted(name)
        return PLACE.sub(lambda found: known.get(found[1], found[0]), words)

    def _noted(self, name: str) -> str:
        if name not in self.content.missing:
            self.content.missing.append(name)
        return MISSING.format(name)
