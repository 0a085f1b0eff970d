"""A kind of letter: what it is for, its fields, and the text in which they stand.

Texts hold places such as `{单位名称}`; the name of a place is the name of its field, and the tag
`{{ 单位名称 }}` of a Word template.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from django.conf import settings

from accounts.models import User
from applications.models import Applicant, Application
from enterprises.models import Enterprise
from letters.codes import LetterCode
from letters.word.expressions import Vocabulary
from materials.numbers import MaterialNumber

# How a place stands on paper that is filled in by hand.
BLANK: Final = "＿＿＿＿＿＿"
BLANK_DAY: Final = "＿＿＿＿年＿＿月＿＿日"
# The line of a text in which the applicants stand, one paragraph each.
PEOPLE: Final = "{申请人}"
LISTS: Final = ("正文", "落款")
WHOLE: Final = "正文"


@dataclass(frozen=True)
class Field:
    """One thing that a letter says. `is_typed`: a box of the form; else the portal knows it.

    `is_secret`: a number, masked on pages and whole on paper. `is_optional`: left out, nothing is
    missing, and `blank` stands there to be written by hand.
    """

    name: str
    example: str
    help: str = ""
    is_typed: bool = True
    is_secret: bool = False
    is_optional: bool = False
    is_long: bool = False
    blank: str = BLANK


class Names(StrEnum):
    """Whom a letter names: nobody, the applicant of its case, or those who are ticked."""

    NOBODY = "nobody"
    ONE = "one"
    SEVERAL = "several"


class Writer(StrEnum):
    ENTERPRISE = "enterprise"
    STATION = "station"


@dataclass(frozen=True)
class Facts:
    """Whose letter it is, for whom, in which case, and who writes it."""

    enterprise: Enterprise
    people: Sequence[Applicant] = ()
    application: Application | None = None
    by: User | None = None


def _given(name: str, example: str, *, is_secret: bool = False) -> Field:
    return Field(name, example, is_typed=False, is_secret=is_secret)


COMMON: Final = (
    _given("单位名称", "重庆示例科技有限公司"),
    _given("统一社会信用代码", "91500101MA5UEXAM3L"),
    _given("住所", f"{settings.DISTRICT_NAME}示例大道1号"),
    _given("联系人", "张样例"),
    _given("联系电话", "13800000000", is_secret=True),
    _given("区县", settings.DISTRICT_NAME),
    _given("服务站", "服务站"),
    _given("热线", "023-00000000"),
)
DATE: Final = Field(
    "落款日期",
    "2026年11月23日",
    help="盖章那天的日期，如2026年11月23日。不填的，纸上留空，盖章时手写。",
    is_optional=True,
    blank=BLANK_DAY,
)
PERSON: Final = (
    _given("姓名", "张样例"),
    _given("职务", "总经理"),
    _given("身份证号码", "500101199001011237", is_secret=True),
    _given("护照号码", "EK1234567", is_secret=True),
    _given("护照有效期", "2031年6月30日"),
)
SECOND: Final = {
    "姓名": "李样例",
    "职务": "销售部经理",
    "身份证号码": "500101199202022349",
    "护照号码": "EK7654321",
}
# What a template may ask for besides the kind's own fields.
ALWAYS: Final = ("标题", "抬头", "附注", "申请人姓名")


class LetterKind:
    """What is known of one kind; a module in `letters/kinds/` each."""

    code: ClassVar[LetterCode]
    use: ClassVar[str]
    # Once it is stamped.
    after: ClassVar[str]
    title: ClassVar[str]
    to: ClassVar[str] = ""
    body: ClassVar[str]
    person_line: ClassVar[str] = ""
    sign: ClassVar[tuple[str, ...]] = ("{单位名称}（公章）", "{落款日期}")
    note: ClassVar[str] = ""
    names: ClassVar[Names] = Names.NOBODY
    writer: ClassVar[Writer] = Writer.ENTERPRISE
    fields: ClassVar[tuple[Field, ...]] = ()
    person_fields: ClassVar[tuple[Field, ...]] = ()
    hints: ClassVar[tuple[str, ...]] = ()
    # The material as which the stamped sheet is uploaded.
    material: ClassVar[MaterialNumber | None] = None
    letterhead: ClassVar[str] = "单位名称"

    @property
    def name(self) -> str:
        return str(self.code.label)

    @property
    def all_fields(self) -> tuple[Field, ...]:
        return (*COMMON, *self.fields)

    @property
    def all_person_fields(self) -> tuple[Field, ...]:
        return (*PERSON, *self.person_fields) if self.names != Names.NOBODY else ()

    @property
    def vocabulary(self) -> Vocabulary:
        """What a Word template of this kind may ask for."""
        rows = frozenset(one.name for one in self.all_person_fields)
        lists: dict[str, frozenset[str]] = dict.fromkeys(LISTS, frozenset())
        people = {"申请人": rows} if rows else {}
        return Vocabulary((*ALWAYS, *(f.name for f in self.all_fields)), lists | people)

    def missing(self, used: Sequence[str]) -> list[str]:
        """What a template with these fields leaves out: the whole text, or each needed field."""
        if WHOLE in used:
            return []
        needed = [one.name for one in self.fields if not one.is_optional]
        if self.names == Names.SEVERAL and "申请人姓名" not in used:
            needed = ["申请人", *needed]
        lacking = [name for name in needed if name not in used]
        return [WHOLE, *lacking] if lacking or not needed else []

    def fits(self, application: Application) -> bool:
        """Whether this case may need it."""
        raise NotImplementedError

    def known(self, facts: Facts) -> dict[str, str]:
        """By its own fields' names, what the portal knows."""
        return {}

    def known_of(self, person: Applicant, facts: Facts) -> dict[str, str]:
        """The same of one applicant, by the names of `person_fields`."""
        return {}

    def body_for(self, facts: Facts) -> str:
        """The text that a new letter begins with."""
        return self.body

    # Of the sheet to be filled in by hand, where it serves several kinds.
    blank_name: ClassVar[str] = ""

    @property
    def blank_body(self) -> str:
        """The text of the sheet that is filled in by hand."""
        return self.body


Values = Mapping[str, str]
