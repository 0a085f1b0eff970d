"""Pages by keys: nothing twice and nothing left out, on either database, whatever is asked."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from django.db.models import BooleanField, Case, F, QuerySet, Value, When
from django.http import QueryDict
from django.template.loader import render_to_string

from core.paging import COUNTED, RowPage, page_of
from enterprises.models import Demand
from tests import turning
from tests.factories import DemandFactory

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]

TODAY = date(2026, 11, 23)


def asked(address: str) -> QueryDict:
    return QueryDict(address.removeprefix("?"))


def page(rows: Any, address: str = "", per_page: int = 4, **more: Any) -> RowPage[Demand]:
    return page_of(rows, asked(address), per_page=per_page, **more)


def forwards(rows: Any, per_page: int = 4) -> list[list[str]]:
    return [[row.name for row in one] for one in turning.forwards(rows, per_page)]


def both_ways(rows: Any, per_page: int) -> list[str]:
    return [row.name for row in turning.turned_both_ways(rows, per_page)]


def demands(*days: int | None, **more: Any) -> list[Demand]:
    """A row each, with this many days until its next step, or without one; named in order."""
    return [
        DemandFactory.create(
            name=f"万州{number:02}",
            next_on=None if day is None else TODAY + timedelta(days=day),
            next_step="" if day is None else "致电",
            **more,
        )
        for number, day in enumerate(days)
    ]


def ordered(*order: Any) -> "QuerySet[Demand]":
    return Demand.objects.order_by(*order)


class TestOrder:
    def test_equal_keys_are_told_apart_by_the_primary_key(self) -> None:
        demands(*[1] * 10)

        assert forwards(ordered("next_on")) == [
            ["万州00", "万州01", "万州02", "万州03"],
            ["万州04", "万州05", "万州06", "万州07"],
            ["万州08", "万州09"],
        ]
        assert forwards(ordered("-next_on"))[0] == ["万州09", "万州08", "万州07", "万州06"]

    @pytest.mark.parametrize(
        ("order", "expected"),
        [
            (("next_on", "pk"), "4 1 5 3 0 2 6"),
            (("next_on", "-pk"), "4 5 1 3 6 2 0"),
            (("-next_on", "pk"), "0 2 6 3 1 5 4"),
            (("-next_on", "-pk"), "6 2 0 3 5 1 4"),
            ((F("next_on").asc(nulls_first=True), "pk"), "0 2 6 4 1 5 3"),
            ((F("next_on").desc(nulls_last=True), "-pk"), "3 5 1 4 6 2 0"),
            ((F("next_on").desc(nulls_last=True), "pk"), "3 1 5 4 0 2 6"),
        ],
    )
    def test_rows_without_a_value_have_one_place_on_either_database(
        self, order: Any, expected: str
    ) -> None:
        demands(None, 2, None, 3, 1, 2, None)
        wanted = [f"万州0{number}" for number in expected.split()]

        for per_page in (1, 2, 3, 7):
            assert both_ways(ordered(*order), per_page) == wanted

    def test_columns_may_go_in_different_directions(self) -> None:
        for number, (key, town) in enumerate(
            [(True, "b"), (False, "a"), (True, "a"), (False, "b"), (True, "b"), (False, "a")]
        ):
            DemandFactory.create(name=f"万州{number}", is_key=key, town=town)
        rows = ordered("-is_key", "town", "-pk")
        wanted = ["万州2", "万州4", "万州0", "万州5", "万州1", "万州3"]

        for per_page in (1, 2, 3, 4):
            assert both_ways(rows, per_page) == wanted

    def test_an_order_may_go_by_a_column_of_another_table_and_by_an_annotation(self) -> None:
        told = demands(3, None, 2, 1, None)
        waits = Case(
            When(next_on__isnull=True, then=Value(value=True)),
            default=Value(value=False),
            output_field=BooleanField(),
        )
        rows = Demand.objects.annotate(is_without=waits).order_by("-is_without", "next_on", "pk")

        for per_page in (1, 2):
            assert both_ways(rows, per_page) == ["万州01", "万州04", "万州03", "万州02", "万州00"]

        Demand.objects.filter(pk=told[0].pk).update(owner=None)
        by_owner = Demand.objects.select_related("owner").order_by("owner__name", "-pk")
        assert both_ways(by_owner, 2) == ["万州04", "万州03", "万州02", "万州01", "万州00"]

    def test_an_order_that_names_no_column_is_refused_at_once(self) -> None:
        for order in (Case(When(next_on__isnull=True, then=0), default=1), "owner", "?"):
            with pytest.raises(Exception):  # noqa: B017, PT011 - a mistake of ours, in any form
                page(ordered(order))

    def test_parts_stand_one_below_the_other_each_in_its_own_order(self) -> None:
        demands(3, None, 2, 1, None, None)
        parts = [
            Demand.objects.filter(next_on__isnull=False).order_by("next_on", "pk"),
            Demand.objects.filter(next_on__isnull=True).order_by("-pk"),
        ]
        wanted = ["万州03", "万州02", "万州00", "万州05", "万州04", "万州01"]

        for per_page in (1, 2, 4, 6):
            assert both_ways(parts, per_page) == wanted


class TestComingAndGoing:
    def test_a_row_that_arrives_above_moves_no_other_to_the_next_page(self) -> None:
        demands(5, 6, 7, 8, 9, 10)
        first = page(ordered("next_on"))
        DemandFactory.create(name="新来的", next_on=TODAY, next_step="致电")

        assert [row.name for row in page(ordered("next_on"), first.next)] == ["万州04", "万州05"]

    def test_a_row_that_goes_takes_no_other_with_it(self) -> None:
        rows = demands(1, 2, 3, 4, 5, 6)
        first = page(ordered("next_on"))
        for gone in rows[1:4]:
            gone.delete()

        assert [row.name for row in page(ordered("next_on"), first.next)] == ["万州04", "万州05"]

    def test_a_row_that_arrives_below_is_found_there(self) -> None:
        demands(1, 2, 3, 4, 5)
        first = page(ordered("next_on"))
        DemandFactory.create(name="新来的", next_on=TODAY + timedelta(days=6), next_step="致电")

        assert [row.name for row in page(ordered("next_on"), first.next)] == ["万州04", "新来的"]

    def test_back_at_the_top_the_first_page_is_whole(self) -> None:
        rows = demands(1, 2, 3, 4, 5, 6)
        second = page(ordered("next_on"), page(ordered("next_on")).next)
        rows[0].delete()
        back = page(ordered("next_on"), second.previous)

        assert [row.name for row in back] == ["万州01", "万州02", "万州03", "万州04"]
        assert not back.has_previous
        assert back.cursor == ""

    def test_where_all_that_followed_has_gone_the_end_is_shown(self) -> None:
        rows = demands(1, 2, 3, 4, 5, 6)
        first = page(ordered("next_on"))
        for gone in rows[4:]:
            gone.delete()

        last = page(ordered("next_on"), first.next)
        assert [row.name for row in last] == ["万州00", "万州01", "万州02", "万州03"]
        assert not last.has_next


class TestAddresses:
    def test_whatever_stands_in_an_address_shows_a_page(self) -> None:
        demands(*range(9))
        rows = ordered("next_on")
        good = dict(parse_qsl(page(rows).next[1:]))["page"]
        of_another_list = dict(parse_qsl(page(ordered("-name")).next[1:]))["page"]

        for wrong in (
            "2", "-1", "0", "٣", "last ", "LAST", "~", "~~", "default", "default~", "default~A",
            "default~AAAA", "nobody~" + good.partition("~")[2], good[:-1], good[:-4], good + "A",
            good.swapcase(), good[::-1], "\0", "é", "\ud800", "[1,2]", "%00", of_another_list,
            "A" * 100_000, good + "A" * 100_000,
        ):  # fmt: skip
            query = QueryDict(mutable=True)
            query["page"] = wrong
            shown = page_of(rows, query, per_page=4)
            assert [row.name for row in shown] == ["万州00", "万州01", "万州02", "万州03"], wrong
            assert shown.cursor == ""

        assert next(row.name for row in page(rows, f"?page={good}")) == "万州04"

    def test_no_value_can_be_read_from_an_address(self) -> None:
        demands(*range(9))

        address = page(ordered("name")).next
        assert "万州" not in address
        assert urlencode({"": "万州"})[1:] not in address

    def test_links_keep_what_the_list_is_narrowed_by(self) -> None:
        demands(*range(9))
        first = page(ordered("next_on"), "?q=%E5%90%8C&town=&stage=told&stage=untouched&page=7")

        kept = "?q=%E5%90%8C&stage=told&stage=untouched"
        assert first.first == kept
        assert first.last == f"{kept}&page=last"
        assert first.next.startswith(f"{kept}&page=")

    def test_two_lists_on_one_page_are_turned_apart(self) -> None:
        demands(*range(9))
        one = page(ordered("next_on"))
        other = page_of(ordered("-pk"), asked(one.next), per_page=4, name="other")

        both = asked(other.next)
        assert next(row.name for row in page(ordered("next_on"), other.next)) == "万州04"
        assert page_of(ordered("-pk"), both, per_page=4, name="other")[0].name == "万州04"


class TestWords:
    def test_a_list_is_counted_to_a_bound_and_then_said_to_have_more(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert COUNTED == 500
        monkeypatch.setattr("core.paging.COUNTED", 5)
        demands(*range(5))
        assert page(ordered("next_on"), unit="户").count_words == "5户"
        assert page(ordered("next_on"), unit="户").is_counted

        DemandFactory.create(name="第六户")
        page_with_more = page(ordered("next_on"), unit="户")
        assert page_with_more.count_words == "5多户"
        assert page_with_more.total == 5
        assert not page_with_more.is_counted

    def test_the_last_page_counts_the_whole_list(self) -> None:
        demands(*range(9))

        assert page(ordered("next_on"), "?page=last").count_words == "9条"

    def test_one_page_leads_nowhere(self) -> None:
        demands(*range(4))

        assert drawn(page(ordered("next_on"))).strip() == ""
        assert drawn(page(ordered("next_on"), "?page=last")).strip() == ""

    def test_each_page_names_the_ways_that_there_are(self) -> None:
        demands(*range(12))
        first = page(ordered("next_on"))
        middle = page(ordered("next_on"), first.next)
        last = page(ordered("next_on"), middle.next)

        assert links(first) == ["下一页", "末页"]
        assert links(middle) == ["首页", "上一页", "下一页", "末页"]
        assert links(last) == ["首页", "上一页"]
        assert "共12条" in drawn(middle)
        assert 'aria-label="翻页"' in drawn(middle)


def drawn(shown: RowPage[Any]) -> str:
    return render_to_string("components/_pages.html", {"page": shown})


def links(shown: RowPage[Any]) -> list[str]:
    text = drawn(shown)
    return [word for word in ("首页", "上一页", "下一页", "末页") if f">{word}</a>" in text]


class TestQueries:
    def test_the_first_page_costs_one_query_and_one_for_the_count(
        self, django_assert_num_queries: Any
    ) -> None:
        demands(*range(9))
        with django_assert_num_queries(1):
            shown = page(ordered("next_on"))
        with django_assert_num_queries(1):
            assert shown.count_words == "9条"

    def test_parts_are_counted_at_once_where_the_list_says_what_they_are_together(
        self, django_assert_num_queries: Any
    ) -> None:
        demands(*[None, 1] * 4)
        rows = Demand.objects.all()
        parts = (
            rows.filter(next_on=None).order_by("pk"),
            rows.exclude(next_on=None).order_by("pk"),
        )
        shown = page_of(parts, asked(""), whole=rows, per_page=2)
        with django_assert_num_queries(1):
            assert shown.count_words == "8条"

    def test_what_is_on_one_page_needs_no_count(self, django_assert_num_queries: Any) -> None:
        demands(*range(4))
        with django_assert_num_queries(1):
            assert page(ordered("next_on")).count_words == "4条"

    def test_columns_of_one_direction_without_empty_values_are_one_range(
        self, django_assert_num_queries: Any
    ) -> None:
        demands(*range(9))
        rows = ordered("queue_on", "name", "pk")
        first = page(rows)
        with django_assert_num_queries(1):
            assert next(row.name for row in page(rows, first.next)) == "万州04"
        with django_assert_num_queries(1):
            page(rows, "?page=last")

    def test_what_goes_with_rows_is_fetched_once_for_those_shown(
        self, django_assert_num_queries: Any
    ) -> None:
        demands(*range(9))
        parts = [
            Demand.objects.filter(name__lt="万州02").prefetch_related("contacts").order_by("pk"),
            Demand.objects.filter(name__gte="万州02").order_by("-pk"),
        ]
        with django_assert_num_queries(3):
            shown = page(parts)
            assert [list(row.contacts.all()) for row in shown] == [[], [], [], []]
