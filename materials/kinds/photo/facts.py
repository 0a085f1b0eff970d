"""When a photo was taken, confirmed by the agent where the file does not say it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms

from materials.rules.facts import FactsForm, ShownFact

DATE_UNKNOWN, DATE_IN_FUTURE = "photo_date_unknown", "photo_date_in_future"


class TakenForm(FactsForm):
    taken_recently = forms.BooleanField(
        label="我确认这张照片是6个月内拍摄的",
        error_messages={"required": "请勾选确认；不是6个月内拍摄的，请换一张近照。"},
    )


def shown_taken(_facts: Mapping[str, Any]) -> Iterator[ShownFact]:
    yield ShownFact("拍摄时间", "经办人确认是6个月内拍摄的")
