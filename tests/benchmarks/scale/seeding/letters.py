"""Letters that the portal wrote: one in five cases, each naming its applicant."""

from itertools import count as counting

from letters.codes import LetterCode
from letters.models import LetterPerson, WrittenLetter
from tests.benchmarks.scale.plan import FIRST, Case, moment
from tests.benchmarks.scale.seeding.room import Room

WRITTEN = 5
CODES = (LetterCode.APPLICATION, LetterCode.PROFILE, LetterCode.COMMITMENT, LetterCode.INSURANCE)
BODY = "兹有我单位因业务需要，申请为下列人员办理APEC商务旅行卡，请予支持。" * 8


class Letters(Room):
    def prepare(self) -> None:
        self.numbers = counting(FIRST)
        self.letters = self.store.sheet(
            WrittenLetter,
            "id", "enterprise_id", "application_id", "code", "created_by_id", "created_at",
            "changed_by_id", "changed_at",
            values={"dated_on": "2024-03-05"}, body=BODY, nonce=None,
        )  # fmt: skip
        self.people = self.store.sheet(LetterPerson, "letter_id", "applicant_id")

    def case(self, case: Case) -> None:
        if case.number % WRITTEN:
            return
        number, at = next(self.numbers), moment(case.created)
        code = CODES[case.number // WRITTEN % len(CODES)]
        self.letters.add((number, case.firm, case.pk, code, case.agent, at, case.agent, at))
        self.people.add((number, case.pk))
