"""What is known of one material of Annex 3: the record that each module of `kinds` fills in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from files.pictures import LONGEST_DECODED, Picture
from materials.findings import Finding, Findings, MaterialFacts
from materials.numbers import MaterialNumber
from materials.rules.examples import Example
from materials.rules.facts import FactRule, ShownFact
from materials.rules.recognition import RecognitionRule
from materials.rules.repair import RepairRule
from materials.rules.validity import ValidityRule

Owner = Literal["enterprise", "applicant"]
Check = Callable[[Picture, Findings, MaterialFacts, date], None]


@dataclass(frozen=True, kw_only=True)
class MaterialKind:
    """One line of Annex 3, what a machine holds it to, and what people hold it to.

    What the annex asks: `formats` are Pillow's names; `pixels` is the exact (width, height) where
    one is prescribed, of what `picture_name` calls; `below_bytes` is a size that the file must
    stay under, apart from the portal's own limit. `shelf_hint` is for the enterprise's own page,
    where no application is at hand.

    What is done with it: `check` judges a decoded picture (at most `longest_decoded` pixels of
    the longer side); `check_list` is what the officer ticks off, without what a machine measures;
    `compared` names the typed facts that stand beside it meanwhile; `filled_in_by` is the section
    of the department that states the same on the review table, where that may replace the material.
    `must_hold` is what no machine checks and people are often returned for: it is said before the
    paper is stamped or the picture taken. A paper of the enterprise that `names_applicants` serves
    the applicants it names and nobody else. What `is_written` the enterprise writes itself, and
    the portal helps with it.
    `options` are those of `check_material` that state its facts, by field of its form.
    """

    number: MaterialNumber
    name: str
    owner: Owner
    rule: str
    hint: str
    shelf_hint: str = ""

    formats: tuple[str, ...] = ("JPEG", "PNG")
    single_picture: bool = False
    pixels: tuple[int, int] | None = None
    picture_name: str = ""
    below_bytes: int | None = None
    longest_decoded: int = LONGEST_DECODED

    check: Check
    check_list: tuple[str, ...]
    examples: tuple[Example, ...]
    compared: tuple[str, ...]
    must_hold: tuple[str, ...] = ()
    names_applicants: bool = False
    is_written: bool = False
    filled_in_by: str = ""
    facts: FactRule | None = None
    validity: ValidityRule | None = None
    repair: RepairRule | None = None
    recognition: RecognitionRule | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_enterprises(self) -> bool:
        return self.owner == "enterprise"

    @property
    def is_shared(self) -> bool:
        """Whether every application of the enterprise may use it."""
        return self.is_enterprises and not self.names_applicants

    @property
    def replaceable(self) -> bool:
        """Whether the review table may stand in for it (由审核表替代)."""
        return bool(self.filled_in_by)

    def wants_facts(self, warned: frozenset[str]) -> bool:
        """Whether facts are typed beside its pages; `warned` are the codes of their warnings."""
        if self.facts is None:
            return False
        return not self.facts.wanted_after or bool(self.facts.wanted_after & warned)

    def shown_facts(self, facts: Mapping[str, Any]) -> Sequence[ShownFact]:
        """What was typed beside its pages, for people."""
        return tuple(self.facts.shown(facts)) if self.facts and facts else ()

    def fact_warnings(
        self, facts: Mapping[str, Any], *, enterprise: str, today: date
    ) -> Sequence[Finding]:
        """What the officer and the department should look at in what was typed."""
        if self.facts is None or self.facts.warnings is None or not facts:
            return ()
        return tuple(self.facts.warnings(facts, enterprise, today))
