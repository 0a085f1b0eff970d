"""Fields that every form shares: moments of years that people mean, rows by keys that can be."""

import pytest
from django import forms

from accounts.models import User
from core.forms import RowsField, UsualMomentField
from tests.factories import UserFactory


@pytest.mark.parametrize(
    "typed", ["0001-01-01T00:00", "0002-02-02 09:00", "1899-12-31 09:00", "9999-12-31T23:30"]
)
def test_a_moment_of_a_year_that_nobody_means_is_refused_in_words(typed: str) -> None:
    with pytest.raises(forms.ValidationError, match="这个时间不合常理，请核对年份"):
        UsualMomentField(label="何时").clean(typed)


def test_a_moment_that_may_be_left_out_is_none() -> None:
    assert UsualMomentField(label="何时", required=False).clean("") is None


@pytest.mark.embedded
@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["9" * 20, "9" * 400, "-1", "1.5", "x", "１"])
def test_a_key_that_no_row_can_have_is_none_of_the_rows(typed: str) -> None:
    person = UserFactory.create()
    field = RowsField(queryset=User.objects.all(), error_messages={"invalid_choice": "没有这一位"})
    assert list(field.clean([str(person.pk)])) == [person]
    with pytest.raises(forms.ValidationError, match="没有这一位"):
        field.clean([str(person.pk), typed])
