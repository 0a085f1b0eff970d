"""Forms bring what was typed into its canonical form, by what each field holds."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.http import QueryDict

from core.form_text import LoginField, NameFormField
from core.forms import BaseForm


class Sample(BaseForm):
    name = NameFormField(required=False, max_length=6)
    login = LoginField(required=False)
    email = forms.EmailField(required=False)
    reason = forms.CharField(required=False)
    note = forms.CharField(required=False, widget=forms.Textarea)
    count = forms.IntegerField(required=False)
    amount = forms.DecimalField(required=False)
    day = forms.DateField(required=False)
    password = forms.CharField(required=False, strip=False, widget=forms.PasswordInput)


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("name", "样例(集团)", "样例（集团）"),
        ("name", "买买提•艾力", "买买提·艾力"),
        ("login", "\u200b Agent@Example.com\u202c", "agent@example.com"),
        ("email", "Ａgent@Example。com\u200b", "agent@example.com"),
        ("reason", "手机遗失\r\n已核对\x07", "手机遗失 已核对"),
        ("note", "第一段\x00\r\n第二段", "第一段\n第二段"),
        ("count", "１２\u200b", 12),
        ("amount", "－１．５０", Decimal("-1.50")),
        ("day", "２０２６年１１月２３日", date(2026, 11, 23)),
        ("day", "2026—11—23", date(2026, 11, 23)),
        ("password", " 密\u200b码 ", " 密\u200b码 "),
    ],
)
def test_what_a_field_gets_is_canonical(field: str, typed: str, kept: object) -> None:
    sent = QueryDict(mutable=True)
    sent[field] = typed
    form = Sample(sent)
    assert form.is_valid(), form.errors
    assert form.cleaned_data[field] == kept


def test_the_length_is_measured_after_what_does_not_count_was_taken_out() -> None:
    assert Sample({"name": "样例" + 20 * " " + "公司\u200b\u200b"}).is_valid()


def test_the_form_shows_again_what_it_understood() -> None:
    form = Sample({"name": "样例(集团)", "count": "一"})
    assert not form.is_valid()
    assert form["name"].value() == "样例（集团）"


@pytest.mark.parametrize("typed", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_beyond_all_reckoning_is_refused_with_its_year(typed: str) -> None:
    [said] = map(str, Sample({"day": typed}).errors["day"])
    assert said.startswith("填写的是")
    assert "请核对年份" in said


@pytest.mark.parametrize("typed", ["1900-01-01", "2199-12-31"])
def test_the_last_days_that_people_mean_are_taken(typed: str) -> None:
    assert Sample({"day": typed}).is_valid()
