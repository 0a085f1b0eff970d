"""Every finding that warns is a fault with a name, or a note of which there is nothing to mend."""

import re

import pytest

from materials.faults import FAULT_NAMES, fault_names
from tests.harness import ROOT

# What is asked or explained: an answer or a look settles it.
NOTES = {
    "passport_term_short",
    "passport_official",
    "rotated_by_mark",
}
WARNED = re.compile(r'warn\(\s*f?"([a-z_{}]+)"')


def warned() -> set[str]:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "materials").rglob("*.py")]
    return {code for text in texts for code in WARNED.findall(text)}


def test_each_has_a_name_or_is_a_note() -> None:
    found = warned() - {"{field}_unsure"} | {"surname_unsure", "given_names_unsure"}
    assert len(found) > 20
    assert found - NOTES <= FAULT_NAMES.keys()
    assert not NOTES & FAULT_NAMES.keys()


@pytest.mark.parametrize(
    ("codes", "names"),
    [
        ((), []),
        (("zone_unreadable",), ["机读码没有读出"]),
        (
            ("page_small", "rotated_by_mark", "page_blank", "page_small"),
            ["字可能太小", "像是空白页"],
        ),
        (("of_a_later_version",), []),
    ],
)
def test_each_is_said_once_in_order(codes: tuple[str, ...], names: list[str]) -> None:
    assert fault_names(codes) == names
