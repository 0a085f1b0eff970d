"""Writing of letters: begun from what is known, edited, deleted; whom each names is checked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from applications.models import Applicant, Application
from core.versions import claim
from enterprises.models import Enterprise
from letters import known
from letters.catalogue import KINDS
from letters.content import Content, Showing, Typed, compose, unknown_places
from letters.kind import PEOPLE, Facts, LetterKind, Names, Writer
from letters.models import LetterPerson, WrittenLetter

# Of how many earlier letters what was typed is taken over.
EARLIER: Final = 10
MOST_PEOPLE: Final = 30


class LetterRefused(Exception):
    """It cannot be written so; the words say why. `field` is the box of the form they suit."""

    def __init__(self, words: str, *, field: str | None = None) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True)
class LetterDraft:
    """What somebody typed into the form."""

    values: Mapping[str, str] = field(default_factory=dict)
    people: Sequence[Applicant] = ()
    people_values: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    body: str = ""
    person_line: str = ""


@transaction.atomic
def begin_letter(
    code: str,
    *,
    enterprise: Enterprise,
    application: Application | None,
    by: User,
    nonce: str | None = None,
) -> WrittenLetter:
    """A new letter with all that is known in it; the same click twice is one letter.

    Raises LetterRefused.
    """
    kind = _kind_for(code, application, by)
    if nonce and (there := WrittenLetter.objects.filter(nonce=nonce).first()):
        return there
    people = [application.applicant] if application and kind.names != Names.NOBODY else []
    facts = Facts(enterprise, people, application, by)
    letter = WrittenLetter.objects.create(
        enterprise=enterprise,
        application=application,
        code=kind.code,
        values=_first_values(kind, facts),
        body=kind.body_for(facts),
        person_line=kind.person_line,
        nonce=nonce or None,
        created_by=by,
        changed_by=by,
    )
    _name(letter, people)
    record("written_letter.begin", letter, by=by, after=_said(letter, people))
    return letter


def _kind_for(code: str, application: Application | None, by: User) -> LetterKind:
    kind = KINDS.get(code)
    if kind is None:
        raise LetterRefused("没有这一类函件。")
    if kind.writer == Writer.STATION and not by.is_officer:
        raise LetterRefused(f"{kind.name}由服务站出具，请在申请页下载。")
    if application is not None and not kind.fits(application):
        raise LetterRefused(f"这件申请用不到{kind.name}。")
    if application is None and kind.names == Names.ONE:
        raise LetterRefused(f"{kind.name}要在那一件申请里写。")
    return kind


def _first_values(kind: LetterKind, facts: Facts) -> dict[str, Any]:
    """What the portal knows, and else what was typed in the enterprise's earlier letters."""
    typed, of_people = _typed_before(facts.enterprise)
    told = kind.known(facts)
    values = {
        one.name: told.get(one.name) or typed.get(one.name, "")
        for one in kind.fields
        if one.is_typed
    }
    people = {
        str(person.pk): _first_of(kind, person, facts, of_people.get(str(person.pk), {}))
        for person in facts.people
    }
    return {"fields": values, "people": people}


def _first_of(
    kind: LetterKind, person: Applicant, facts: Facts, typed: Mapping[str, str]
) -> dict[str, str]:
    told = kind.known_of(person, facts)
    return {
        one.name: typed.get(one.name) or told.get(one.name, "")
        for one in kind.person_fields
        if one.is_typed
    }


# Of one letter alone: each is dated, and tells a story, of its own.
NOT_TAKEN_OVER: Final = frozenset({"落款日期", "具体情况", "备注", "授权起", "授权止", "代缴原因"})


def _typed_before(enterprise: Enterprise) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    fields: dict[str, str] = {}
    people: dict[str, dict[str, str]] = {}
    for earlier in reversed(WrittenLetter.objects.filter(enterprise=enterprise)[:EARLIER]):
        typed = earlier.values.get("fields", {})
        fields |= {n: v for n, v in typed.items() if v and n not in NOT_TAKEN_OVER}
        for key, values in earlier.values.get("people", {}).items():
            people.setdefault(key, {}).update({n: v for n, v in values.items() if v})
    return fields, people


@transaction.atomic
def save_letter(letter: WrittenLetter, *, draft: LetterDraft, by: User) -> WrittenLetter:
    """`letter.version` is the one that was seen. Raises LetterRefused, core.versions.Overtaken.

    The same once more is no version.
    """
    kind = KINDS[letter.code]
    draft = _with_newly_named(letter, kind, draft, by)
    require_places(kind, draft)
    require_people(letter, kind, draft)
    stored = WrittenLetter.objects.with_people().get(pk=letter.pk)
    if _content_of(stored) == _content_of_draft(kind, draft):
        return stored
    claim(letter)
    before = stored.applicants
    letter.values = _values_of(kind, draft)
    letter.body, letter.person_line = draft.body, draft.person_line
    letter.changed_by, letter.changed_at = by, timezone.now()
    letter.save()
    people = draft.people if kind.names == Names.SEVERAL else before
    _name(letter, people)
    record(
        "written_letter.save",
        letter,
        by=by,
        before={"applicants": [person.name for person in before]},
        after={**_said(letter, people), "version": letter.version},
    )
    return letter


def _with_newly_named(
    letter: WrittenLetter, kind: LetterKind, draft: LetterDraft, by: User
) -> LetterDraft:
    """Of those ticked just now, whose boxes no page has shown yet, what is known already."""
    new = [person for person in draft.people if person.pk not in draft.people_values]
    if not new:
        return draft
    _, typed = _typed_before(letter.enterprise)
    facts = Facts(letter.enterprise, draft.people, letter.application, by)
    first = {
        person.pk: _first_of(kind, person, facts, typed.get(str(person.pk), {})) for person in new
    }
    return replace(draft, people_values={**draft.people_values, **first})


@transaction.atomic
def delete_letter(letter: WrittenLetter, *, by: User) -> None:
    """Nothing was sent by the portal: a draft that is not wanted leaves its audit event alone."""
    record(
        "written_letter.delete",
        letter,
        by=by,
        before=_said(letter, letter.applicants),
        label=str(letter),
    )
    letter.delete()


def require_places(kind: LetterKind, draft: LetterDraft) -> None:
    """Places that are no fields are named; the applicants' line stays. Raises LetterRefused."""
    if unknown := unknown_places(kind, draft.body, draft.person_line):
        shown = "、".join(f"{{{name}}}" for name in unknown)
        raise LetterRefused(f"正文里有不认识的{shown}，大括号里只能是下面列出的。", field="body")
    if not draft.body.strip():
        raise LetterRefused("正文是空的。", field="body")
    if PEOPLE in kind.body and PEOPLE not in [line.strip() for line in draft.body.splitlines()]:
        raise LetterRefused(f"正文里要有单独一行{PEOPLE}，勾选的申请人写在那里。", field="body")
    if kind.names == Names.SEVERAL and PEOPLE in kind.body and "{姓名}" not in draft.person_line:
        raise LetterRefused("每位申请人的一段里要有{姓名}。", field="person_line")


def require_people(letter: WrittenLetter, kind: LetterKind, draft: LetterDraft) -> None:
    """A letter serves whom it names: they are ticked, and no colleague stands in its words.

    Raises LetterRefused.
    """
    if kind.names == Names.SEVERAL:
        _require_ticked(letter, draft)
    named = {person.name for person in draft.people}
    if kind.names == Names.ONE:
        named = {person.name for person in letter.applicants}
    if kind.names == Names.NOBODY:
        return
    words = _words_of(draft)
    for name in sorted(named, key=len, reverse=True):
        words = words.replace(name, "　")
    others = letter.enterprise.applicants.exclude(name__in=named).values_list("name", flat=True)
    if found := [name for name in dict.fromkeys(others) if name in words]:
        raise LetterRefused(
            f"函里写到了{'、'.join(found)}，却没有写明为谁办。一份函只给写明的人用："
            "请勾选，或者从文字里去掉。",
            field="people" if kind.names == Names.SEVERAL else "body",
        )


def _require_ticked(letter: WrittenLetter, draft: LetterDraft) -> None:
    if not draft.people:
        raise LetterRefused("请至少勾选一位申请人。", field="people")
    if len(draft.people) > MOST_PEOPLE:
        raise LetterRefused(f"一份函最多写{MOST_PEOPLE}位，请分成几份。", field="people")
    if any(person.enterprise_id != letter.enterprise_id for person in draft.people):
        raise LetterRefused("有一位不是本单位的申请人。", field="people")
    case = letter.application
    if case is not None and case.applicant_id not in {person.pk for person in draft.people}:
        raise LetterRefused(
            f"这份函是在{case.applicant.name}的申请里写的，要写明{case.applicant.name}。"
            "给别人的，请另写一份。",
            field="people",
        )


def _words_of(draft: LetterDraft) -> str:
    typed = [*draft.values.values()]
    for values in draft.people_values.values():
        typed += values.values()
    return "\n".join([draft.body, draft.person_line, *typed])


def _values_of(kind: LetterKind, draft: LetterDraft) -> dict[str, Any]:
    fields = {one.name: draft.values.get(one.name, "") for one in kind.fields if one.is_typed}
    people = {
        str(person.pk): {
            one.name: draft.people_values.get(person.pk, {}).get(one.name, "")
            for one in kind.person_fields
            if one.is_typed
        }
        for person in draft.people
    }
    return {"fields": fields, "people": people}


def _content_of(letter: WrittenLetter) -> object:
    kind = KINDS[letter.code]
    draft = LetterDraft(
        letter.values.get("fields", {}),
        letter.applicants,
        {int(key): values for key, values in letter.values.get("people", {}).items()},
        letter.body,
        letter.person_line,
    )
    return _content_of_draft(kind, draft)


def _content_of_draft(kind: LetterKind, draft: LetterDraft) -> object:
    people = {person.pk for person in draft.people} if kind.names == Names.SEVERAL else None
    values = _values_of(kind, draft)
    if kind.names != Names.SEVERAL:
        values.pop("people")
    return people, values, draft.body, draft.person_line


def _name(letter: WrittenLetter, people: Iterable[Applicant]) -> None:
    wanted = list(people)
    rows = {row.applicant_id: row for row in LetterPerson.objects.filter(letter=letter)}
    LetterPerson.objects.filter(letter=letter).exclude(applicant__in=wanted).delete()
    for person in wanted:
        if person.pk not in rows:
            LetterPerson.objects.create(letter=letter, applicant=person)


def _said(letter: WrittenLetter, people: Iterable[Applicant]) -> dict[str, Any]:
    names = [person.name for person in people]
    return {"letter": letter.get_code_display(), "applicants": names}


def facts_of(letter: WrittenLetter, by: User | None = None) -> Facts:
    return Facts(letter.enterprise, letter.applicants, letter.application, by)


def content_of(letter: WrittenLetter, showing: Showing) -> Content:
    """As it stands now: what the portal knows is read when it is shown, not when it was begun."""
    kind, facts = KINDS[letter.code], facts_of(letter)
    told = {**known.of_enterprise(facts), **kind.known(facts)}
    typed = letter.values.get("fields", {})
    values = {
        one.name: typed.get(one.name, "") if one.is_typed else told.get(one.name, "")
        for one in kind.all_fields
    }
    people = [_person_values(letter, person, kind, facts) for person in facts.people]
    return compose(kind, Typed(values, people, letter.body, letter.person_line), showing)


def _person_values(
    letter: WrittenLetter, person: Applicant, kind: LetterKind, facts: Facts
) -> dict[str, str]:
    told = {**known.of_person(person), **kind.known_of(person, facts)}
    typed = letter.values.get("people", {}).get(str(person.pk), {})
    return {
        one.name: typed.get(one.name, "") if one.is_typed else told.get(one.name, "")
        for one in kind.all_person_fields
    }
