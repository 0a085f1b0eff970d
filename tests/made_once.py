"""A pytest plugin: what is expensive to make and only read is made once a run.

Drawn materials, letters of the same words, the unsigned review table of the same facts, and keys
of a certificate authority are the product's own, made by its own functions; they are only not
made anew for every test.
"""

import os
import random
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from functools import cache, wraps
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from factory.django import DjangoModelFactory

from applications.letters import pdf as applications_letters
from cards.duty import print as duty_print
from cards.renewals import letters as renewals_letters
from core.typesetting import lay_out, write
from letters import printing as letters_printing
from materials import samples
from outreach.briefings import print as briefings_print
from reports.stage.drawing import pdf as stage_pdf
from reports.stage.drawing import yearly as stage_yearly
from reviews import numbering
from reviews.pdf import TableFacts, render_base
from reviews.services import circulation
from reviews.signatures.certificates import issuing
from reviews.signatures.certificates.issuing import Credential
from reviews.signatures.fields import Box
from reviews.signatures.identities import SignatureIdentity
from reviews.signatures.signing import certify
from tests import factories

# Above what tests that name a number themselves use.
FIRST_NUMBER = 10
# How long a certified table passes for one certified now.
SAME_SECONDS = 600


def kept(function: Callable[..., Any], key: Callable[..., Hashable]) -> Callable[..., Any]:
    """The function, called once for each key; what it raises is raised anew each time."""
    made: dict[Hashable, Any] = {}

    @wraps(function)
    def once(*args: Any, **kwargs: Any) -> Any:
        at = key(*args, **kwargs)
        if at not in made:
            made[at] = function(*args, **kwargs)
        return made[at]

    return once


def _what_is_printed(facts: TableFacts) -> Hashable:
    return repr(astuple(facts)), settings.STATION_NAME


def _what_is_certified(
    form: bytes, boxes: Mapping[str, Box], identity: SignatureIdentity
) -> Hashable:
    # A signature says its second; a test that stops the clock asks for that very one.
    moment = int(timezone.now().timestamp()) // SAME_SECONDS
    return form, identity.certificate.serial, settings.TSA_URL, moment


# What prints letters and reports: a page laid out is written at once, as a PDF and nothing else.
PRINTERS = (
    applications_letters,
    briefings_print,
    duty_print,
    letters_printing,
    renewals_letters,
    stage_pdf,
    stage_yearly,
)


@dataclass(frozen=True)
class ToPrint:
    """What `lay_out` was asked for, by the words that would stand on the page."""

    words: str
    template: str
    context: Mapping[str, object]
    styles: tuple[str, ...]


def _to_print(template: str, context: Mapping[str, object], *styles: str) -> ToPrint:
    return ToPrint(render_to_string(template, dict(context)), template, context, styles)


def _printed(page: ToPrint, *, tagged: bool = False) -> bytes:
    return write(lay_out(page.template, page.context, *page.styles), tagged=tagged)


def _what_is_on_the_page(page: ToPrint, *, tagged: bool = False) -> Hashable:
    return page.words, page.styles, tagged


@pytest.fixture(scope="session", autouse=True)
def made_once() -> Iterator[None]:
    printed = kept(_printed, _what_is_on_the_page)
    with pytest.MonkeyPatch.context() as patch:
        for printer in PRINTERS:
            patch.setattr(printer, "lay_out", _to_print)
            patch.setattr(printer, "write", printed)
        for name in ("licence", "paper", "passport", "photo", "signature"):
            patch.setattr(samples, name, cache(getattr(samples, name)))
        patch.setattr(circulation, "render_base", kept(render_base, _what_is_printed))
        patch.setattr(circulation, "certify", kept(certify, _what_is_certified))
        patch.setattr(issuing, "unpack", cache(issuing.unpack))
        # Nothing here outlives the run, so nothing waits for the disk.
        patch.setattr(os, "fsync", lambda _file: None)
        yield


@pytest.fixture(autouse=True)
def counted_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same numbers and codes in every test, so that their tables are the same."""
    for made in vars(factories).values():
        if isinstance(made, type) and issubclass(made, DjangoModelFactory):
            made.reset_sequence(FIRST_NUMBER, force=True)
    monkeypatch.setattr(numbering, "secrets", random.Random(1))


@cache
def _remembered() -> dict[str, Callable[..., Any]]:
    def by_name(*, common_name: str, **_others: Any) -> Hashable:
        return common_name

    def by_serial(credential: Credential, passphrase: str) -> Hashable:
        return credential.serial, passphrase

    return {
        "make_root": kept(issuing.make_root, by_name),
        "make_signer": kept(issuing.make_signer, by_name),
        "pack": kept(issuing.pack, by_serial),
    }


@contextmanager
def same_keys() -> Iterator[None]:
    """Within, an authority of the same names has the same keys and certificates."""
    with pytest.MonkeyPatch.context() as patch:
        for name, function in _remembered().items():
            patch.setattr(issuing, name, function)
        yield
