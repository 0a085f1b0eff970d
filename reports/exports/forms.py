"""Form of an export: which days, and which kind of file."""

from typing import Any, Final

from django import forms
from django.utils import timezone

from core.forms import BaseForm, DateInput
from reports.stage.periods import FIRST_YEAR, LAST_YEAR, Period, PeriodRefused, make_period

FORMS: Final = (("xlsx", "Excel（xlsx）"), ("csv", "CSV"))


class ExportForm(BaseForm):
    """Without days everything is exported."""

    first = forms.DateField(label="从哪天起（不填，从最早的起）", widget=DateInput, required=False)
    last = forms.DateField(label="到哪天（不填，到今天）", widget=DateInput, required=False)
    form = forms.ChoiceField(label="文件", choices=FORMS, initial="xlsx", widget=forms.RadioSelect)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        cleaned["period"] = None
        if first and first > timezone.localdate():
            self.add_error("first", "这一天还没有到，没有可以导出的。请选今天或以前的日期。")
        elif first and last:
            try:
                cleaned["period"] = make_period(first, last)
            except PeriodRefused as refused:
                self.add_error("last", str(refused))
        elif first:
            cleaned["period"] = Period(first, first.replace(year=LAST_YEAR, month=12, day=31))
        elif last:
            cleaned["period"] = Period(last.replace(year=FIRST_YEAR, month=1, day=1), last)
        return cleaned
