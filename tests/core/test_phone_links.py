"""Phone numbers that are to be called are links that call."""

import re
from pathlib import Path

import pytest
from django.template import engines

ROOT = Path(__file__).resolve().parents[2]


def shown(number: str) -> str:
    return str(engines["django"].from_string("{% tel number %}").render({"number": number}))


@pytest.mark.parametrize(
    ("number", "called"),
    [
        ("023-58000000", "02358000000"),
        ("13900001234", "13900001234"),
        ("+85221234567", "+85221234567"),
        # The main number: whoever answers is asked for the extension.
        ("023-58000000转801", "02358000000"),
        ("023-0000 0000（演示号码）", "02300000000"),
    ],
)
def test_the_link_calls_the_number_as_it_is_dialled(number: str, called: str) -> None:
    assert shown(number) == f'<a class="tel" href="tel:{called}">{number}</a>'


@pytest.mark.parametrize("text", ["139****1234", "", "没有填写电话"])
def test_what_is_masked_or_no_number_is_no_link(text: str) -> None:
    assert shown(text) == text


def test_every_page_shows_the_hotline_as_a_link() -> None:
    plain = re.compile(r"{{ *(station\.)?hotline *}}")
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "pdf" not in path.parts]
    pages = [path for path in pages if "email" not in path.parts]
    assert [path.name for path in pages if plain.search(path.read_text(encoding="utf-8"))] == []
