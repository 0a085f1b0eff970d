"""Why a card cannot be entered, changed or marked so."""


class CardRefused(Exception):
    """The words say why and what to do; `field` is the box of the form that they suit."""

    def __init__(self, words: str, *, field: str | None = None) -> None:
        super().__init__(words)
        self.field = field
