"""What cannot be done with a briefing, in words for whoever wanted it."""

from cards.refusals import Refusal


class BriefingRefused(Refusal):
    """It cannot be done so; the words say why and what to do."""
