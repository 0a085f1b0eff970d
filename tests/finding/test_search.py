"""What a search finds and in which order, the same on both databases."""

import pytest
from pytest_django import DjangoAssertNumQueries

from finding.models import IndexEntry, keep
from finding.search import MOST, Rank, entries_with, find
from finding.words import number_keys

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
FIRM, PERSON = "enterprises.enterprise", "applications.applicant"


def entry(kind: str, pk: int, words: str, initials: str = "", number: str = "") -> IndexEntry:
    numbers = "\n".join(number_keys(number)) if number else ""
    return IndexEntry(kind=kind, object_id=pk, words=words, initials=initials, numbers=numbers)


@pytest.fixture(autouse=True)
def index(db: None) -> None:
    keep(
        [
            entry(FIRM, 1, "重庆市万州区平湖机械有限公司\n91500101ma5u00001x", "cqswzqphjxyxgs"),
            entry(FIRM, 2, "平湖机械二厂", "phjxec"),
            entry(FIRM, 3, "平湖机械", "phjx"),
            entry(FIRM, 4, "大平湖机械", "dphjx"),
            # Both pairs are there, but not one after the other.
            entry(FIRM, 5, "湖机与平湖", "hjyph"),
            entry(FIRM, 6, "100棉纺", "mf"),
            entry(PERSON, 7, "曾小例\nzengxiaoli", "zxl\ncxl", number="13987654321"),
            entry(FIRM, 9, "重庆ab科技\nza", "cqkj"),
            entry(PERSON, 8, "平湖生", "phs"),
        ]
    )


def found(words: str, *kinds: str) -> list[tuple[int, Rank]]:
    return [(hit.object_id, hit.rank) for hit in find(words, kinds=kinds or (FIRM, PERSON))]


def test_the_whole_name_comes_first_then_its_beginning_its_middle_and_initials() -> None:
    assert found("平湖机械") == [
        (3, Rank.EXACT), (2, Rank.PREFIX), (4, Rank.CONTAINS), (1, Rank.CONTAINS),
    ]  # fmt: skip
    assert found("phjx") == [
        (4, Rank.INITIALS), (3, Rank.INITIALS), (2, Rank.INITIALS), (1, Rank.INITIALS),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        # Two characters, of which trigrams know nothing.
        ("平湖", {1, 2, 3, 4, 5, 8}),
        ("湖机", {1, 2, 3, 4, 5}),
        ("平湖机", {1, 2, 3, 4}),
        ("有限", {1}),
        # A pair does not run from one line into the next.
        ("司9", set()),
        ("91500101MA5U", {1}),
        ("a5u00001x", {1}),
        ("xiao", {7}),
        # Two letters: of initials and of names, not of codes and readings.
        ("cx", {7}),
        ("ab", {9}),
        ("za", set()),
        ("AB科", {9}),
        ("13987654321", {7}),
        ("4321", {7}),
        ("54321", {7}),
        # Its beginning and its middle find nothing, nor its last three.
        ("1398", set()),
        ("321", set()),
        ("0%棉", {6}),
        ("棉_纺", {6}),
        ("平", set()),
    ],
)
def test_a_part_of_a_name_initials_and_the_end_of_a_number_find(
    words: str, expected: set[int]
) -> None:
    assert {pk for pk, _ in found(words)} == expected


def test_very_many_of_one_kind_hide_no_other_and_the_whole_name_is_found_among_them() -> None:
    keep([entry(PERSON, 100 + place, f"王平湖{place:03}") for place in range(3 * MOST)])
    keep([entry(PERSON, 10, "王平湖")])
    hits = found("王平湖")
    assert hits[0] == (10, Rank.EXACT)
    assert len(hits) <= 2 * MOST
    assert {1, 2, 3, 4} <= {pk for pk, _ in found("平湖")}


def test_a_list_is_narrowed_by_one_character_too() -> None:
    narrowed = entries_with("湖", kinds=[FIRM])
    assert sorted(narrowed.values_list("object_id", flat=True)) == [1, 2, 3, 4, 5]


def test_it_costs_two_queries_for_any_number_of_kinds(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(2):
        found("平湖", FIRM, PERSON, "cards.card", "accounts.user", "enterprises.demand")


def test_what_is_in_most_names_finds_the_newest_of_them() -> None:
    keep([entry(FIRM, 100 + place, f"第{place}贸易有限公司") for place in range(2 * MOST)])
    hits = found("有限公司", FIRM)
    assert [pk for pk, _ in hits] == list(range(99 + 2 * MOST, 99 + MOST, -1))


def test_a_name_that_changed_is_found_by_the_new_one_alone() -> None:
    keep([entry(FIRM, 3, "高峡电子", "gxdz")])
    assert found("高峡") == [(3, Rank.PREFIX)]
    assert 3 not in {pk for pk, _ in found("平湖机械")}
