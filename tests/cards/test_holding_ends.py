"""The effective end is the earliest of card, passport and economy, and says how it came about."""

import io
import json
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command, get_commands, load_command_class

from cards.holding.ends import economy_words, reckon_ends, usual_until

CARD, PASSPORT = date(2031, 3, 1), date(2029, 6, 10)


def test_the_passport_that_ends_first_ends_the_card() -> None:
    ends = reckon_ends(card_until=CARD, passport_until=PASSPORT)
    assert ends.day == PASSPORT
    assert ends.because == "卡到2031年3月1日，护照到2029年6月10日 → 实际2029年6月10日"


def test_a_card_that_ends_before_the_passport_ends_itself() -> None:
    ends = reckon_ends(card_until=date(2028, 1, 1), passport_until=PASSPORT)
    assert ends.because == "卡到2028年1月1日，护照到2029年6月10日 → 实际2028年1月1日"


def test_without_the_passports_day_the_card_counts_and_the_words_say_so() -> None:
    ends = reckon_ends(card_until=CARD)
    assert ends.because == "卡到2031年3月1日，护照有效期没有登记 → 实际2031年3月1日"


def test_an_economy_ends_on_its_own_day_and_never_after_the_card() -> None:
    own = {"JPN": date(2028, 5, 5), "VNM": date(2030, 1, 1), "THA": None}
    ends = reckon_ends(card_until=CARD, passport_until=PASSPORT, economies=own)
    assert ends.economies == {"JPN": date(2028, 5, 5), "VNM": PASSPORT, "THA": PASSPORT}
    assert economy_words(PASSPORT, own["JPN"]).endswith("早于卡的2029年6月10日 → 2028年5月5日")
    assert economy_words(PASSPORT, own["VNM"]).endswith("→ 2029年6月10日")
    assert economy_words(PASSPORT, None) == "一览表未另写，随卡到2029年6月10日"


@pytest.mark.parametrize(
    ("issued", "passport", "until"),
    [
        (date(2026, 3, 2), None, date(2031, 3, 2)),
        (date(2026, 3, 2), date(2029, 6, 10), date(2029, 6, 10)),
        (date(2024, 2, 29), None, date(2029, 2, 28)),
    ],
)
def test_the_usual_end_is_five_years_on_and_within_the_passport(issued, passport, until) -> None:
    assert usual_until(issued, passport, years=5) == until


GIVEN = ("--issued", "2026-03-02", "--card-until", "2031-03-01", "--passport-until", "2029-06-10")


def run(*arguments: str, of: str = "card_end") -> tuple[dict[str, Any], int]:
    """What the command writes, and how it ends, called as from the command line."""
    written = io.StringIO()
    command = load_command_class(get_commands()[of], of)
    parser = command.create_parser("manage.py", of)
    command.stdout = command.stdout.__class__(written)
    status = 0
    try:
        options = vars(parser.parse_args(list(arguments)))
        command.handle(**options)
    except SystemExit as left:
        status = int(left.code or 0)
    return json.loads(written.getvalue()), status


def test_the_command_answers_with_one_object() -> None:
    answer, status = run(
        *GIVEN, "--economy", "JPN=2028-01-01", "VNM=2030-01-01", "--economy", "KOR="
    )
    assert status == 0
    assert answer == {
        "ends": "2029-06-10",
        "because": "卡到2031年3月1日，护照到2029年6月10日 → 实际2029年6月10日",
        "economies": {"JPN": "2028-01-01", "VNM": "2029-06-10", "KOR": "2029-06-10"},
    }


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "用法"),
        (GIVEN[:4], "用法"),
        (("--bogus", *GIVEN), "用法"),
        (("--issued", "2026-02-30", *GIVEN[2:]), "--issued的“2026-02-30”不是一个日期"),
        (("--issued", "9999-01-01", *GIVEN[2:]), "1900年到2199年"),
        (("--issued", "x" * 10_000, *GIVEN[2:]), "不是一个日期"),
        (("--issued", "2031-03-01", *GIVEN[2:]), "卡面有效期2031年3月1日不晚于发卡日期"),
        ((*GIVEN[:4], "--passport-until", "2026-01-01"), "护照有效期2026年1月1日不晚于"),
        ((*GIVEN, "--economy", "USA=2028-01-01"), "USA"),
        ((*GIVEN, "--economy", "JPN=2028-13-01"), "--economy JPN的“2028-13-01”"),
        ((*GIVEN, "--economy", "JPN=2028-01-01", "--economy", "jpn=2028-01-01"), "写了两次"),
        ((*GIVEN, "--economy", "JPN=2020-01-01"), "日本的有效期2020年1月1日不晚于"),
        ((*GIVEN, "--economy", "\x00\ud800=1"), "--economy"),
    ],
)
def test_what_it_cannot_read_is_said_in_an_object_that_ends_with_two(arguments, words) -> None:
    answer, status = run(*arguments)
    assert status == 2
    assert list(answer) == ["error"]
    assert words in answer["error"]


def test_full_width_figures_are_read_as_well() -> None:
    answer, _ = run("--issued", "２０２６－０３－０２", *GIVEN[2:])
    assert answer["ends"] == "2029-06-10"


def test_it_is_called_from_a_program_too(capsys) -> None:
    call_command("card_end", *GIVEN)
    assert json.loads(capsys.readouterr().out)["ends"] == "2029-06-10"
