"""Form of the year whose cases are archived."""

from collections.abc import Sequence
from typing import Any

from django import forms

from core.forms import BaseForm


class ArchiveYearForm(BaseForm):
    """One of the years in which the portal had cases."""

    year = forms.TypedChoiceField(label="哪一年办结的申请", coerce=int)

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["year"]
        field.choices = [(year, f"{year}年") for year in years]

    @property
    def chosen(self) -> int:
        return int(self.cleaned_data["year"])
