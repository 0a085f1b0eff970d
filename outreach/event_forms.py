"""Forms that briefings, visits and symposia share."""

from typing import Any

from django import forms

from core.forms import BaseForm, VersionField
from outreach.nonces import new_nonce


class OnceForm(BaseForm):
    """A page that is sent twice makes one row."""

    nonce = forms.CharField(max_length=36, min_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nonce"].initial = new_nonce()


class EventWordsForm(BaseForm):
    """One box of text, with the version of the row that the page was made from."""

    seen_version = VersionField(required=False)

    def __init__(
        self, *args: Any, label: str, most: int, rows: int = 3, start: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"] = forms.CharField(
            label=label,
            max_length=most,
            initial=start,
            widget=forms.Textarea(attrs={"rows": rows}),
            error_messages={"required": f"请填写{label}。"},
        )
