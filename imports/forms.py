"""The file that is given, and the choice of columns."""

from typing import Any

from django import forms

from core.forms import BaseForm
from imports.kinds import ImportKind
from imports.models import ImportBatch

# By their endings: browsers do not agree on the types.
ACCEPT = ".xlsx,.csv"


class SheetForm(BaseForm):
    file = forms.FileField(
        label="选择表格",
        help_text="xlsx，也收csv。选好后先检查，不会马上写入。",
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        allow_empty_file=True,
    )


class ColumnsForm(BaseForm):
    """For each column of the kind the head of the file that holds it."""

    def __init__(self, *args: Any, kind: ImportKind, batch: ImportBatch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        heads = [(str(place), head) for place, head in enumerate(batch.heads) if head]
        for column in kind.columns:
            place = batch.places.get(column.code)
            self.fields[column.code] = forms.ChoiceField(
                label=column.label,
                choices=[("", "表里没有"), *heads],
                required=column.is_needed,
                initial="" if place is None else str(place),
                error_messages={"required": f"请选择“{column.label}”在哪一列。"},
            )

    @property
    def places(self) -> dict[str, int]:
        return {code: int(place) for code, place in self.cleaned_data.items() if place}
