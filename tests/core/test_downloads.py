"""Names of files that leave: the Chinese one, and beside it one for programs that know ASCII."""

import pytest

from core.downloads import ascii_name, disposition


def test_a_chinese_name_has_an_ascii_one_beside_it() -> None:
    assert disposition("材料5.jpg") == (
        "attachment; filename=\"abtc-5.jpg\"; filename*=utf-8''%E6%9D%90%E6%96%995.jpg"
    )


def test_an_ascii_name_stands_alone() -> None:
    assert disposition("abtc.zip", as_attachment=False) == 'inline; filename="abtc.zip"'


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("万州-2026-00012-材料5-1.jpg", "abtc-2026-00012-5-1.jpg"),
        ("万州ABTC审〔2026〕0003号.pdf", "ABTC-2026-0003.pdf"),
        ("审计记录.csv", "abtc.csv"),
        ("一份“怪”名\r\n.pdf", "abtc.pdf"),
        ("没有后缀", "abtc"),
        ("名字.后缀", "abtc"),
    ],
)
def test_the_ascii_name_says_what_can_be_said_in_it(name: str, expected: str) -> None:
    assert ascii_name(name) == expected
