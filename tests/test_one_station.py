"""No district, and no number or name of its departments, stands in code: they are data (ADR 62)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_architecture import ROOMS, ROOT
from tests.test_one_way import code, templates

LITERAL = re.compile(
    r"万州|wanzhou(?!_abtc)"
    r"|(?<!第)[二三四五六七八九2-9][个家]?部门"
    r"|区(?:商务委|税务局|公安局|人力社保局|政府外办)"
)
# The defaults, and what the plan of this district brought as its first rows.
DEFAULTS = (
    "wanzhou_abtc/settings.py",
    "wanzhou_abtc/demo/",
    "materials/samples/",
    "reviews/annex4.py",
    "outreach/articles/first_questions.json",
    "outreach/plan/first_phases.json",
    "outreach/self_test/first_document.json",
)


def literals(text: str) -> Iterator[str]:
    """Texts of a module that it shows or compares; what explains it to us is none."""
    tree = ast.parse(text)
    told = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def data() -> Iterator[tuple[str, str]]:
    for room in ROOMS:
        for kind in ("*.json", "*.txt", "*.md"):
            for path in (ROOT / room).rglob(kind):
                yield str(path.relative_to(ROOT)), path.read_text()


def shown() -> Iterator[tuple[str, str]]:
    """Everything that the portal says, with where it stands."""
    for name, text in code():
        yield from ((name, literal) for literal in literals(text))
    for path, text in templates():
        yield str(Path(path).relative_to(ROOT)), re.sub(r"\{#.*?#\}", "", text)
    yield from data()


def test_no_station_and_no_department_stands_in_code_or_template() -> None:
    found = [
        f"{name}: {match[0]}"
        for name, text in shown()
        if not name.startswith(DEFAULTS)
        for match in LITERAL.finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    "text", ["万州区协办服务站", "五个部门", "送5个部门审核", "四部门", "由区税务局填写"]
)
def test_the_look_for_literals_finds(text: str) -> None:
    assert LITERAL.search(text)


@pytest.mark.parametrize(
    "text", ["各部门", "{}个部门", "wanzhou_abtc.urls", "第二部门", "税务部门"]
)
def test_the_look_for_literals_leaves(text: str) -> None:
    assert not LITERAL.search(text)
