"""The station's office hours, as a setting writes them: 09:00-12:00,14:00-18:00."""

from datetime import time
from itertools import pairwise

from django.core.exceptions import ImproperlyConfigured


def read_office_hours(written: str) -> tuple[tuple[time, time], ...]:
    """The periods of a working day, in order. Raises ImproperlyConfigured with a sentence."""
    wrong = ImproperlyConfigured(
        f"OFFICE_HOURS 写成了“{written}”，应写成 09:00-12:00,14:00-18:00 的样子："
        "每段先开始后结束，各段按先后排列、互不重叠。"
    )
    periods = []
    for part in written.split(","):
        opens, dash, closes = part.partition("-")
        try:
            periods.append((time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip())))
        except ValueError:
            raise wrong from None
        if not dash:
            raise wrong
    moments = [moment for period in periods for moment in period]
    has_zone = any(moment.tzinfo for moment in moments)
    if has_zone or any(later <= earlier for earlier, later in pairwise(moments)):
        raise wrong
    return tuple(periods)
