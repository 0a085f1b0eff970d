"""受理回执 of a case: as the officer worded it, or as the portal knows it."""

from applications.models import Application
from letters.catalogue import KINDS
from letters.codes import LetterCode
from letters.content import Content, Showing, Typed, compose
from letters.kind import Facts
from letters.known import of_enterprise, of_person
from letters.models import WrittenLetter
from letters.services import content_of


def receipt_of(application: Application, showing: Showing = Showing.WHOLE) -> Content | None:
    """None where nothing was submitted yet."""
    kind = KINDS[LetterCode.RECEIPT]
    if not kind.fits(application):
        return None
    written = WrittenLetter.objects.with_people()
    worded = written.filter(application=application, code=LetterCode.RECEIPT).first()
    if worded is not None:
        return content_of(worded, showing)
    person = application.applicant
    facts = Facts(application.enterprise, [person], application)
    values = {**of_enterprise(facts), **kind.known(facts)}
    return compose(kind, Typed(values, [of_person(person)], kind.body, kind.person_line), showing)
