"""For runs that are not about office hours: messages go out whatever the hour of the run."""

from datetime import datetime


def next_open_moment(moment: datetime) -> datetime:
    return moment
