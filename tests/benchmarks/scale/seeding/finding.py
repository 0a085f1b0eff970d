"""The index by which people, enterprises, cards and rows of the ledger are found."""

from finding.models import IndexEntry
from finding.words import initials, number_keys
from tests.benchmarks.scale.plan import FIRST, GIVEN, PLACES, SURNAMES, Case, company, person
from tests.benchmarks.scale.seeding.room import Room

# Of each thousandth the keys are those of a real number, by which the pages look for it.
WITH_KEYS = 1000
PHONE = "139{:08d}"


class Finding(Room):
    def prepare(self) -> None:
        self.entries = self.store.sheet(
            IndexEntry, "kind", "object_id", "words", "initials", "numbers"
        )
        self.letters = {one: (initials(one) or [one])[0] for one in {*SURNAMES, *GIVEN, *PLACES}}

    def firm(self, number: int) -> None:
        pk, core = FIRST + number, company(number)
        agent = person(number * 13)
        whole = f"重庆市万州区{core}有限公司"
        letters = self._initials(core)
        self._add(
            "enterprises.enterprise", pk, f"{whole}|91500101{number:010d}|{agent}", letters, number
        )
        self._add("enterprises.demand", pk, f"{whole}|91500101{number:010d}", letters, number)
        mailbox = f"agent{number}scaleexample"
        self._add("accounts.user", pk, f"{agent}|{mailbox}", self._initials(agent), number)

    def case(self, case: Case) -> None:
        name = person(case.number)
        letters = self._initials(name)
        self._add("applications.applicant", case.pk, f"{name}|zhangyangli", letters, case.number)
        if self.world.has_card(case):
            self._add("cards.card", case.pk, name, letters, case.number)

    def _add(self, kind: str, pk: int, words: str, letters: str, number: int) -> None:
        self.entries.add(
            (kind, pk, words.replace("|", self.world.line), letters, self._keys(number))
        )

    def _initials(self, words: str) -> str:
        return "".join([self.letters.get(one, one) for one in words])

    def _keys(self, number: int) -> str:
        if number % WITH_KEYS == 0:
            return self.world.line.join(number_keys(PHONE.format(number)))
        key = f"{number * 2_654_435_761 % 2**64:016x}"
        return f"{key}{self.world.line}{key[::-1]}"
