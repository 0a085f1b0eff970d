"""What cannot be entered, in words for whoever entered it, and the form that shows them."""

from collections.abc import Callable
from typing import TypeVar

from django import forms

from applications.services.intake import IntakeRefused
from cards.holding.services import CardRefused
from cards.pictures import PicturesRefused
from core.typesetting import RenderingFailed
from core.versions import Overtaken
from files.refusals import FileRefused
from materials.stack import PageRefused

Result = TypeVar("Result")


class Refusal(Exception):
    """It cannot be entered so; the words say why. `field` is the box of the form they suit."""

    def __init__(self, words: str, *, field: str | None = None) -> None:
        super().__init__(words)
        self.field = field


def attempt(form: forms.Form, act: Callable[[], Result]) -> Result | None:
    """What `act` gives; None where it was refused, and then the form says why."""
    try:
        return act()
    except (Refusal, CardRefused) as refused:
        _add(form, refused.field, refused)
    except (PicturesRefused, PageRefused, FileRefused) as refused:
        _add(form, "files", refused)
    except (IntakeRefused, Overtaken, RenderingFailed) as refused:
        _add(form, None, refused)
    return None


def carried_out(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the form is right and `act` was not refused; else the form says why."""
    if form.is_valid():
        attempt(form, act)
    return not form.errors


def _add(form: forms.Form, field: str | None, refused: Exception) -> None:
    form.add_error(field if field in form.fields else None, str(refused))
