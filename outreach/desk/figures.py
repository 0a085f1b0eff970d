"""Figures of the desk: consultations of a period by topic and channel, and how quickly answered."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from outreach.models import Consultation
from outreach.models.desk import ConsultationQuerySet

CHANNELS = Consultation.Channel.choices
NO_TOPIC = "未分主题"


@dataclass(frozen=True)
class TopicLine:
    """Of one topic how many by each channel, in the order of `CHANNELS`, and together."""

    topic: str
    counts: list[int]

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def cells(self) -> list[tuple[str, int]]:
        """Each channel with its count."""
        return list(zip((str(label) for _, label in CHANNELS), self.counts, strict=True))


@dataclass(frozen=True)
class DeskFigures:
    lines: list[TopicLine]
    total: int
    answered: int
    in_time: int
    open: int

    @property
    def channels(self) -> list[str]:
        return [str(label) for _, label in CHANNELS]

    @property
    def sums(self) -> list[tuple[str, int]]:
        """Each channel with its count over all topics."""
        return [
            (str(label), sum(line.counts[place] for line in self.lines))
            for place, (_, label) in enumerate(CHANNELS)
        ]

    @property
    def in_time_share(self) -> int:
        """Of those answered, in whole percent."""
        return round(100 * self.in_time / self.answered) if self.answered else 0


def desk_figures(rows: ConsultationQuerySet, first: date, last: date) -> DeskFigures:
    """Of what was asked in this period; four queries."""
    asked = rows.between(first, last)
    table: dict[str, dict[str, int]] = {}
    grouped = asked.order_by().values_list("topic__name", "channel").annotate(count=Count("pk"))
    for topic, channel, count in grouped:
        table.setdefault(topic or NO_TOPIC, {})[channel] = count
    lines = [
        TopicLine(topic, [counts.get(channel, 0) for channel, _ in CHANNELS])
        for topic, counts in table.items()
    ]
    return DeskFigures(
        sorted(lines, key=lambda line: (line.topic == NO_TOPIC, -line.total, line.topic)),
        sum(line.total for line in lines),
        asked.closed().count(),
        asked.answered_in_time().count(),
        asked.open().count(),
    )
