"""Forms of the stage report: its period, and the officer's own words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from core.forms import BaseForm, DateInput, VersionField
from core.reading import line_of_text
from reports.models import StageReport
from reports.stage.content import read_content
from reports.stage.narrative import MOST, fields_of
from reports.stage.periods import Period, PeriodRefused, make_period, usual_periods


class PeriodForm(BaseForm):
    """A usual period by its button, or two days."""

    first = forms.DateField(label="从哪天起", widget=DateInput, required=False)
    last = forms.DateField(label="到哪天（含当天）", widget=DateInput, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.usual = dict(usual_periods(today))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if (chosen := line_of_text(self.data.get("usual"))) in self.usual:
            cleaned["period"] = self.usual[chosen]
            return cleaned
        first, last = cleaned.get("first"), cleaned.get("last")
        for name, day in (("first", first), ("last", last)):
            if day is None and name not in self.errors:
                self.add_error(name, "请选择日期，或者点上面的一个时间段。")
        if first and first > self.today:
            self.add_error("first", "这一期还没有开始，没有可以报告的。请选今天或以前的日期。")
        elif first and last:
            try:
                cleaned["period"] = make_period(first, last)
            except PeriodRefused as refused:
                self.add_error("last", str(refused))
        return cleaned

    @property
    def period(self) -> Period:
        period: Period = self.cleaned_data["period"]
        return period


class ReportWordsForm(BaseForm):
    """The three closing parts, and a remark to each section."""

    seen_version = VersionField(required=False)

    def __init__(self, *args: Any, report: StageReport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = fields_of(read_content(report.content))
        for name, label in self.names.items():
            self.fields[name] = forms.CharField(
                label=label,
                required=False,
                max_length=MOST,
                initial=report.words.get(name, ""),
                widget=forms.Textarea(attrs={"rows": 4}),
            )
        self.fields["seen_version"].initial = report.version

    @property
    def words(self) -> Mapping[str, str]:
        return {name: self.cleaned_data[name] for name in self.names}
