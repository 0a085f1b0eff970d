"""Which case a message is about: by the number of the national system, else by the name in it."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import F, QuerySet, TextField, Value

from applications.models import Application
from applications.workflow import Turn
from cards.models import Filing

NUMBER: Final = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z-]*\d)[A-Za-z0-9-]{3,40}(?![A-Za-z0-9])")
AFTER_LABEL: Final = re.compile(
    r"([\u4e00-\u9fff]{0,8})(?<!\d)号(?:码)?\s*[:为是]?\s*((?=[A-Za-z-]*\d)[A-Za-z0-9-]{3,40})"
    r"(?![A-Za-z0-9])"
)
# Numbers of something else than the application.
OF_OTHER: Final = re.compile(
    r"(?:护照|卡|证件?|身份|发票|订|缴费|缴款|缴款书|交易|支付|流水|凭证|快递|运|电话|手机|审核表|信用|代码|账)"
    r"(?:单|编)?$"
)
LABELLED_NAME: Final = re.compile(
    r"(?:申请人(?:姓名)?|持卡人(?:姓名)?|姓名)\s*(?:[:为是]\s*|(?=[(]))[(]?([\u4e00-\u9fff·]{2,20})"
)
ADDRESSED: Final = re.compile(
    r"(?:尊敬的|您好,?)\s*([\u4e00-\u9fff·]{2,10}?)(?:先生|女士|同志|[:,!(]|您)"
)
# Nobody's name.
GENERIC: Final = re.compile(
    r".*(?:用户|申请人|客户|企业|单位|公司|经办|持卡人|先生|女士|会员|如下).*"
)
MOST_NUMBERS, MOST_CASES, MOST_PEOPLE = 50, 10, 500


@dataclass(frozen=True)
class Doubt:
    """Why a message may not be about a case; `cases` are those that it names instead.

    `may_choose`: somebody who read it may say that it is about this one all the same.
    """

    words: str
    cases: Sequence[Application] = ()
    may_choose: bool = True


def cases_in(text: str, visible: "QuerySet[Application]") -> list[Application]:
    """Of the endorsed cases that the reader sees those that the text names; the surest way first.

    A number decides. Without one of ours all cases count whose applicant is named.
    """
    filings = Filing.objects.filter(national_number__in=_spelt(_numbers_in(_plain(text))))
    if found := _first(visible.filter(filing__in=filings)):
        return found
    return _first(_named(text, visible).exclude(afterwards=Turn.OVER))


def doubt_of(text: str, application: Application, visible: "QuerySet[Application]") -> Doubt | None:
    """What speaks against the message being about this case; None where nothing does."""
    plain = _plain(text)
    own = Filing.of(application).national_number
    numbers = [number for number in _numbers_in(plain) if number.upper() != own.upper()]
    has_own = len(numbers) < len(_numbers_in(plain))
    others = Filing.objects.filter(national_number__in=_spelt(numbers))
    others = others.exclude(application=application.pk).exclude(national_number="")
    if known := list(others.values_list("national_number", flat=True)[:MOST_CASES]):
        cases = _first(visible.filter(filing__in=others))
        return Doubt(f"申请编号{'、'.join(known)}", cases, may_choose=has_own)
    return _doubt_of_name(plain, application, visible, has_own=has_own) or _doubt_of_number(
        plain, application, own
    )


def _doubt_of_name(
    plain: str, application: Application, visible: "QuerySet[Application]", *, has_own: bool
) -> Doubt | None:
    name = application.applicant.name
    named = _named(plain, visible).exclude(applicant__name=name)
    people = set(named.values_list("applicant__name", flat=True)[:MOST_PEOPLE])
    rest, found = _without_names(plain, name, people)
    if found:
        cases = _first(named.filter(applicant__name__in=found))
        is_both = has_own or name in rest
        return Doubt("、".join(found), cases, may_choose=is_both)
    strangers = set(LABELLED_NAME.findall(plain))
    if not (has_own or name in rest):
        ours = {person.name for person in application.enterprise.people()}
        strangers |= set(ADDRESSED.findall(plain)) - ours
    strangers = {one for one in strangers if not one.startswith(name) and not GENERIC.match(one)}
    return Doubt("、".join(sorted(strangers))) if strangers else None


def _doubt_of_number(plain: str, application: Application, own: str) -> Doubt | None:
    """A number that no filing has: of a case with another one, or of nobody that is named."""
    unknown = [number for number in _labelled(plain) if number.upper() != own.upper()]
    if not unknown or (not own and application.applicant.name in plain):
        return None
    return Doubt(f"申请编号{'、'.join(unknown)}")


def _without_names(plain: str, own: str, people: Collection[str]) -> tuple[str, list[str]]:
    """The text without the others' names, and which they are; 王样 is not named by 王样例."""
    found = []
    for name in sorted({*people, own}, key=len, reverse=True):
        if name not in plain:
            continue
        if name == own:
            # A mark in its place, so that no shorter name is found in it.
            plain = plain.replace(name, "\x02")
            continue
        found.append(name)
        plain = plain.replace(name, "\x01")
    return plain.replace("\x02", own), found


def number_in(text: str) -> str:
    """The number that the message calls one; empty where it does not or names several."""
    found = _labelled(_plain(text))
    return found[0] if len(found) == 1 else ""


def _labelled(plain: str) -> list[str]:
    found = [number for label, number in AFTER_LABEL.findall(plain) if not OF_OTHER.search(label)]
    return list(dict.fromkeys(found))[:MOST_NUMBERS]


def _numbers_in(plain: str) -> list[str]:
    return list(dict.fromkeys(NUMBER.findall(plain)))[:MOST_NUMBERS]


def _spelt(numbers: Sequence[str]) -> list[str]:
    """As typed, and in capitals or small letters throughout."""
    return [form for number in numbers for form in {number, number.upper(), number.lower()}]


def _plain(text: str) -> str:
    """Half-width letters, digits and marks."""
    return unicodedata.normalize("NFKC", text)


def _named(text: str, visible: "QuerySet[Application]") -> "QuerySet[Application]":
    said = visible.annotate(said=Value(text, output_field=TextField()))
    return said.filter(said__contains=F("applicant__name"))


def _first(applications: "QuerySet[Application]") -> list[Application]:
    rows: Sequence[Application] = applications.with_people()[:MOST_CASES]  # type: ignore[attr-defined]
    return list(rows)
