"""Which drawn examples are shown: on the page of a material, and in a letter of corrections."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from materials.catalogue import CATALOGUE, get
from materials.numbers import MaterialNumber
from materials.rules.examples import Example


@dataclass(frozen=True)
class ShownExample:
    """An example on a page; `is_it` where it shows what was found just now."""

    example: Example
    is_it: bool


def examples_for(number: int, found: Iterable[str]) -> Sequence[ShownExample]:
    """The good one, then what shows a finding of just now, then the others."""
    codes = frozenset(found)
    shown = [ShownExample(example, bool(example.codes & codes)) for example in get(number).examples]
    return sorted(shown, key=lambda each: (not each.example.is_good, not each.is_it))


BY_NAME = {example.name: example for kind in CATALOGUE for example in kind.examples}


def named(names: Iterable[str]) -> list[Example]:
    """Those that are still drawn, in this order; an old letter may name one that is not."""
    return [BY_NAME[name] for name in names if name in BY_NAME]


def names_for(number: int, wanted: Iterable[str]) -> list[str]:
    """What is shown beside a correction: the good example of its material, then those wanted.

    Of what stands for several materials only what belongs to this one; the typed facts have no
    example of their own and take all.
    """
    wanted = list(wanted)
    if number == MaterialNumber.FACTS:
        return wanted
    own = get(number).examples
    good = [example.name for example in own if example.is_good]
    return good + [example.name for example in own if example.name in wanted]
