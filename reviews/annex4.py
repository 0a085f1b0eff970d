"""Annex 4 of the district's plan, the review table, as data: its fields and its wording.

A department is a row of `accounts.Department`; `section` says which of these it fills in, and one
that fits none writes its opinion alone (ADR 62).
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from accounts import departments
from accounts.models import Department
from core import text as canonical
from core.dates import day_words
from materials.catalogue import CATALOGUE
from materials.numbers import MaterialNumber

ENTERPRISE_KINDS: Final = (
    ("central", "央企"),
    ("municipal", "市属国有企业"),
    ("district", "区属国有企业"),
    ("private", "非公有制企业"),
    ("other", "其它"),
)
# What the station fills in, by the code of its fact, in the table's order.
FACTS: Final[Mapping[str, str]] = {
    "enterprise_kind": "企业类型",
    "enterprise_name": "单位名称",
    "credit_code": "统一社会信用代码",
    "contact": "联系人及电话",
    "applicant_name": "姓名",
    "post": "职务",
    "id_number": "身份证号码",
    "phone": "联系电话",
}
# An opinion has to fit its cell at 7.5 pt: no page can be added after the station certifies.
WORDS_LIMIT: Final = 300

# A longer name of a department would make its row higher than its cell.
NAME_LIMIT: Final = 20


def title(district: str) -> str:
    """The table's title for a district of the city, as in 「万州区」."""
    return f"重庆市{district}APEC商务旅行卡审核表"


class AnswerWrong(ValueError):
    """A stored answer cannot be printed; the sentence says which and why."""


@dataclass(frozen=True)
class SectionField:
    """One typed blank of a section. `kind` is choice, money (万元), yes_no, date or text.

    `about_enterprise` says that its answer is the same for every applicant of the enterprise.
    """

    code: str
    label: str
    kind: str
    choices: tuple[tuple[str, str], ...] = ()
    max_length: int | None = None
    help_text: str = ""
    about_enterprise: bool = False

    def words(self, answer: object) -> str:
        """The answer as somebody reads it beside the label."""
        match self.kind:
            case "choice":
                return dict(self.choices).get(str(answer), "")
            case "yes_no":
                return "是" if answer else "否"
            case "date":
                return day_words(datetime.date.fromisoformat(str(answer)))
            case _:
                return str(answer)


@dataclass(frozen=True)
class Section:
    """One department's part of the table; the department itself is a row with the same code.

    `materials` are those that the department reads. `relevant` are the facts that its opinion
    rests on: an earlier one may be repeated while these and its materials are as they were.
    `height` is the cell's in millimetres, where the page has room for that of all.
    `pattern` is the annex's printed sentence with a slot for each blank, and `blanks` what the
    annex prints there while it is empty. `label` is what the annex prints before the opinion;
    `label_inline` says that it follows the sentence on the same line, as for social insurance.
    """

    code: str
    title: str
    fields: tuple[SectionField, ...]
    materials: tuple[int, ...]
    relevant: tuple[str, ...]
    height: float
    pattern: str = ""
    blanks: Mapping[str, str] | None = None
    label: str = ""
    label_inline: bool = False

    @property
    def title_lines(self) -> tuple[str, str]:
        """The title as the annex breaks it: the department, then 办理意见."""
        return self.title.removesuffix("办理意见"), "办理意见"

    def stated(self, answers: Mapping[str, object]) -> list[tuple[str, str]]:
        """Label and words of each blank that was answered, in the annex's order."""
        answered = [field for field in self.fields if answers.get(field.code) not in (None, "")]
        return [(field.label, field.words(answers[field.code])) for field in answered]

    def about_enterprise(self, answers: Mapping[str, object]) -> dict[str, object]:
        """Those answers that hold for every applicant of the enterprise."""
        codes = [field.code for field in self.fields if field.about_enterprise]
        return {code: answers[code] for code in codes if code in answers}

    def as_typed(self, answers: Mapping[str, object]) -> dict[str, object]:
        """The stored answers as the form's fields take them: yes and no are choices there."""
        found = {field.code: answers[field.code] for field in self.fields if field.code in answers}
        for code, answer in found.items():
            if isinstance(answer, bool):
                found[code] = "yes" if answer else "no"
        return found

    def sentence(self, answers: Mapping[str, object], *, applicant_name: str = "") -> str:
        """The annex's sentence with `answers` filled in; what is not answered stays blank.

        An answer takes the place of its blank and nothing else moves: the annex's brackets stay,
        「（进出口实绩）企业」, 「（否）存在欠税」, 「张样例（申请人）」. Without them
        「否存在欠税」 would not read as Chinese, and 「不存在欠税」 is not the annex's wording.
        Raises AnswerWrong where an answer is not of the field's kind.
        """
        if not self.pattern:
            return ""
        slots = dict(self.blanks or {})
        for field in self.fields:
            answer = answers.get(field.code)
            if answer is not None and answer != "":
                slots[field.code] = _printed(field, answer)
        if applicant_name:
            slots["applicant"] = f"{applicant_name}（申请人）"
        return self.pattern.format_map(slots)


def _printed(field: SectionField, answer: object) -> str:
    """How an answer stands in the sentence."""
    text = str(answer).strip()
    match field.kind:
        case "choice":
            labels = dict(field.choices)
            if text not in labels:
                raise AnswerWrong(f"“{field.label}”没有“{text}”这个选项。")
            return f"（{labels[text]}）"
        case "yes_no":
            if not isinstance(answer, bool):
                raise AnswerWrong(f"“{field.label}”应为是或否，现为“{text}”。")
            return "（是）" if answer else "（否）"
        case "date":
            try:
                day = datetime.date.fromisoformat(text)
            except ValueError:
                raise AnswerWrong(f"“{field.label}”不是有效日期：“{text}”。") from None
            return day_words(day)
        case _ if field.code == "insured_company":
            # The annex prints 公司 after the blank; a name that ends with it must not say it twice.
            return re.sub("(公司)+$", "", canonical.name(text))
        case _:
            return text


# What a department fills in that has no blanks of its own in the annex.
OPINION: Final = "opinion"
SECTIONS: Final[Mapping[str, Section]] = {
    section.code: section
    for section in (
        Section(
            code="commerce",
            title="区商务委办理意见",
            fields=(
                SectionField(
                    "trade",
                    "进出口情况",
                    "choice",
                    choices=(("performance", "进出口实绩"), ("plan", "进出口计划")),
                    about_enterprise=True,
                ),
            ),
            materials=(
                MaterialNumber.LETTER,
                MaterialNumber.LICENCE,
                MaterialNumber.DEALINGS,
            ),
            relevant=(
                "enterprise_kind",
                "enterprise_name",
                "credit_code",
                "applicant_name",
                "post",
            ),
            height=34,
            pattern="经核实，该公司为{trade}企业。",
            blanks={"trade": "（进出口实绩/进出口计划）"},
            label="办理意见：",
        ),
        Section(
            code="tax",
            title="区税务局办理意见",
            fields=(
                SectionField(
                    "tax_total", "上一年度纳税总额（万元）", "money", about_enterprise=True
                ),
                SectionField("has_arrears", "是否存在欠税", "yes_no", about_enterprise=True),
            ),
            materials=(
                MaterialNumber.LICENCE,
                MaterialNumber.TAX_PROOF,
            ),
            relevant=("enterprise_name", "credit_code"),
            height=34,
            pattern="经核实，该公司上一年度纳税总额为{tax_total}万元，{has_arrears}存在欠税。",
            blanks={"tax_total": "     ", "has_arrears": "（是/否）"},
            label="办理意见：",
        ),
        Section(
            code="police",
            title="区公安局办理意见",
            fields=(),
            materials=(
                MaterialNumber.CRIMINAL_RECORD,
                MaterialNumber.PASSPORT,
            ),
            relevant=("applicant_name", "id_number"),
            height=33,
        ),
        Section(
            code="social",
            title="区人力社保局办理意见",
            fields=(
                SectionField("insured_since", "连续缴纳社保起始日期", "date"),
                SectionField(
                    "insured_company",
                    "参保公司名称",
                    "text",
                    max_length=120,
                    help_text="填写公司全称；表上印有“公司”二字，不会重复打印。",
                ),
            ),
            materials=(MaterialNumber.INSURANCE,),
            relevant=("enterprise_name", "applicant_name", "id_number"),
            height=37,
            pattern="经核实，{applicant}自{insured_since}起在{insured_company}公司连续缴纳社保。",
            blanks={
                "applicant": "        （申请人）",
                "insured_since": "    年  月  日",
                "insured_company": "          ",
            },
            label="办理意见：",
            label_inline=True,
        ),
        Section(
            code="foreign_affairs",
            title="区政府外办办理意见",
            fields=(),
            materials=tuple(kind.number for kind in CATALOGUE),
            relevant=tuple(FACTS),
            height=33,
        ),
    )
}
KINDS: Final[Mapping[str, Section]] = {
    **SECTIONS,
    OPINION: Section(OPINION, "办理意见", (), (MaterialNumber.LICENCE,), tuple(FACTS), height=33),
}


def section_of(department: Department) -> Section:
    """The department's part of the table, under its own name, with the materials that it reads."""
    kind = KINDS[department.section]
    return replace(
        kind,
        code=department.code,
        title=f"{canonical.brief(department.name, NAME_LIMIT)}办理意见",
        materials=tuple(department.materials) or kind.materials,
    )


def verifier_of(number: int) -> str:
    """The department that verifies a material which the review table replaces."""
    reading = (one for one in departments.known() if number in section_of(one).materials)
    return next((department.name for department in reading), departments.last_name())
