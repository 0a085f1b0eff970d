"""Judgement of a template at upload: everything that is wrong is said at once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from letters.word.cleaning import cleaned
from letters.word.dangers import dangers_of
from letters.word.expressions import ClosedEnvironment, Expressions, Vocabulary, loops_of
from letters.word.filling import Context, fill_template, sources_of
from letters.word.package import WORD, open_package
from letters.word.problems import TemplateProblem, TemplateRefused, TemplateReport, once
from letters.word.tags import tag_problems

# Characters of a filled part: a loop's body counts once for each of its rows.
MOST_FILLED: Final = 8_000_000
MOST_ROWS: Final = 40
# Elements whose text is words or figures of the document.
TEXT_HOLDERS: Final = frozenset({"t", "instrText", "delText", "posOffset", "align", "pctWidth"})


# Not of this format, or locked: what was said of it comes from no reading.
UNREADABLE_CODES: Final = frozenset({"not_docx", "old_or_locked"})


@dataclass(frozen=True)
class Expected:
    """What templates of one kind, or of any, are held to.

    `missing` gives the names that these fields leave out and a letter needs; `sample` what a
    letter could hold.
    """

    words: Vocabulary
    missing: Callable[[Sequence[str]], Sequence[str]]
    sample: Context


@dataclass(frozen=True)
class Checked:
    """`template` is what may be kept, and `sample` a letter set in it; empty where refused."""

    report: TemplateReport
    template: bytes = b""
    sample: bytes = b""


def check_template(data: bytes, expected: Expected) -> Checked:
    """Nothing of it is run before every part of it was looked at."""
    try:
        package = open_package(data)
    except TemplateRefused as refused:
        problems = list(refused.problems)
        is_unreadable = any(one.code in UNREADABLE_CODES for one in problems)
        return Checked(TemplateReport(problems, is_unreadable=is_unreadable))
    report = TemplateReport(once(dangers_of(package)) + once(tag_problems(package)))
    if any(one.code not in SPEAKING for one in report.problems):
        return Checked(report)
    template = cleaned(package)
    _read_expressions(template, expected, report)
    sample = b"" if report.problems else _try(template, expected, report)
    return Checked(report) if report.problems else Checked(report, template, sample)


# With these the fields can still be read, so that all is told at once.
SPEAKING: Final = frozenset({"tracked_changes", "comments", "external", "active_field"})


def _read_expressions(template: bytes, expected: Expected, report: TemplateReport) -> None:
    found = Expressions(expected.words)
    try:
        sources = list(sources_of(template))
    except Exception:
        report.problems.append(UNREADABLE)
        return
    for source in sources:
        found.read(source)
        if sum(loops_of(source)) * MOST_ROWS + len(source) > MOST_FILLED:
            found.problems.append(
                TemplateProblem("too_large_inside", "循环里的内容太多，请只留一位申请人的一段。")
            )
    report.fields = found.fields
    report.problems += once(iter(found.problems))
    if missing := expected.missing(found.fields):
        report.problems.append(
            TemplateProblem(
                "missing_field",
                f"缺少必须的字段：{'、'.join(missing)}。写上{{{{ 正文 }}}}就包含了全部内容。",
            )
        )


def _try(template: bytes, expected: Expected, report: TemplateReport) -> bytes:
    """The sample, set in it; what comes out must be whole XML with words only where words go."""
    for source in sources_of(template):
        report.problems += once(_misplaced(source, expected.sample))
    if report.problems:
        return b""
    try:
        return fill_template(template, expected.sample)
    except Exception:
        report.problems.append(UNREADABLE)
        return b""


def _misplaced(source: str, sample: Context) -> Iterator[TemplateProblem]:
    # As docxtpl parses it, but without mending what is broken.
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        filled = ClosedEnvironment().from_string(source).render(dict(sample))
        # What ends a paragraph in a field of several is resolved later, and is no XML.
        root = etree.fromstring(filled.replace("\a", " ").encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        yield MISPLACED
        return
    for element in root.iter(etree.Element):
        name = etree.QName(element)
        holds = name.localname in TEXT_HOLDERS or name.namespace != WORD
        if (not holds and (element.text or "").strip()) or (element.tail or "").strip():
            yield MISPLACED


MISPLACED: Final = TemplateProblem(
    "tag_place",
    "循环的开头和结尾没有放对：各自单独占一段，写成{%p for 人 in 申请人 %}和{%p endfor %}，"
    "表格里用{%tr … %}。",
)
UNREADABLE: Final = TemplateProblem(
    "not_docx", "Word文档读不出来，请在Word里新建一份，把内容复制过去再传。"
)
