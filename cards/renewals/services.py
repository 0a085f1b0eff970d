"""Beginning a service on a card or on a filing, and saying that it is done."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from applications.kinds import SERVICES, Kind
from applications.models import Applicant, Application
from applications.services.afterwards import note_afterwards
from applications.services.starting import Begun, start_service
from applications.workflow import Status, Turn
from cards.models import Card, CardPage, CardRequest, Filing
from cards.renewals.fit import why_not, why_not_filing
from cards.renewals.refusals import ServiceRefused
from core import text
from core.crypto import keyed_hash
from core.dates import day_words
from files.models import StoredFile
from materials.numbers import MaterialNumber
from parameters.values import load_parameters

SIDES = {
    CardPage.Side.FRONT: MaterialNumber.CARD_FRONT,
    CardPage.Side.BACK: MaterialNumber.CARD_BACK,
}


@transaction.atomic
def begin_on_card(card: Card, *, kind: str, cause: str = "", words: str = "", by: User) -> Begun:
    """The draft of a service on this card; the open one where it is there already.

    Raises ServiceRefused, IntakeRefused.
    """
    locked = Card.objects.select_for_update(no_key=True).get(pk=card.pk)
    applicant = require_applicant(locked)
    same = applicant.applications.open().filter(kind=kind, card_request__card=locked).first()
    if same is not None:
        return Begun(same, is_new=False)
    reason = why_not(locked, kind, load_parameters(), timezone.localdate())
    if reason:
        raise ServiceRefused(f"现在不能办{SERVICES[kind].label}：{reason}")
    begun = start_service(
        applicant,
        kind=kind,
        cause=cause,
        follows=_first_application(locked, applicant),
        is_same_passport=keyed_hash(applicant.passport_number) == locked.passport_hash,
        pictures=_pictures(locked),
        by=by,
    )
    _tie(begun, card=locked, words=words)
    return begun


@transaction.atomic
def begin_on_filing(filing: Filing, *, kind: str, words: str = "", by: User) -> Begun:
    """The draft of a service on a filing under way. Raises ServiceRefused, IntakeRefused."""
    application = filing.application
    reason = why_not_filing(filing, kind)
    if reason:
        raise ServiceRefused(f"现在不能办{SERVICES[kind].label}：{reason}")
    begun = start_service(application.applicant, kind=kind, follows=application, by=by)
    _tie(begun, card=None, words=words)
    return begun


@transaction.atomic
def save_words(application: Application, *, words: str, by: User) -> None:
    """Keep the enterprise's words for the letter. Raises ServiceRefused once it is submitted."""
    locked = Application.objects.select_for_update().get(pk=application.pk)
    if not locked.is_editable:
        raise ServiceRefused("申请已提交，原因和经过现在不能改。")
    request = CardRequest.objects.get(application=locked)
    words = text.line(words)
    if request.words == words:
        return
    request.words = words
    request.save(update_fields=["words"])
    record("service.words", locked, by=by, after={"words": words})


@transaction.atomic
def report_done(application: Application, *, on: date, by: User) -> None:
    """The enterprise has done in the national system what a filing's service asks for.

    Twice does no harm. Raises ServiceRefused.
    """
    locked = Application.objects.select_for_update().get(pk=application.pk)
    request = CardRequest.objects.select_for_update().get(application=locked)
    if locked.kind not in {Kind.EARLY_PRINT, Kind.PASSPORT_ONLY}:
        raise ServiceRefused("这件申请的进度在“国家系统填报”里登记。")
    if locked.status != Status.ENDORSED:
        raise ServiceRefused("服务站还没有核准，请核准后再到国家系统办理。")
    if request.done_on is not None:
        return
    endorsed_on = timezone.localtime(locked.status_since).date()
    if not endorsed_on <= on <= timezone.localdate():
        raise ServiceRefused(f"日期应在{day_words(endorsed_on)}（核准）到今天之间，请核对。")
    request.done_on = on
    request.save(update_fields=["done_on"])
    label = locked.service.label
    note_afterwards(locked, turn=Turn.OVER, words=f"已于{day_words(on)}在国家系统提出{label}")
    record("service.done", locked, by=by, after={"service": label, "on": on.isoformat()})


def require_applicant(card: Card) -> Applicant:
    """Whose card it is, among the enterprise's applicants. Raises ServiceRefused.

    A card from before the portal is tied to the one with its identity number, or, where that was
    not told, to the only one of that name.
    """
    if card.applicant is not None:
        return card.applicant
    own = card.enterprise.applicants.all()
    found = own.filter(id_number_hash=card.holder_hash).first()
    if found is None:
        named = list(own.filter(name=card.holder_name)[:2])
        found = named[0] if len(named) == 1 else None
    if found is None:
        raise ServiceRefused(
            f"这张卡还没有对应的申请人。请先在“申请人”里登记{card.holder_name}，再办理。"
        )
    card.applicant = found
    card.save(update_fields=["applicant"])
    return found


def old_card_of(application: Application) -> Card | None:
    """The card that is to be cancelled before the new one of this application, while it lives."""
    if not application.service.makes_card or application.is_first:
        return None
    request = CardRequest.objects.filter(application=application).select_related("card").first()
    card = request.card if request else None
    return card if card is not None and card.is_live else None


def _first_application(card: Card, applicant: Applicant) -> Application | None:
    """The one from which the card came, else the newest that was endorsed for this person."""
    if card.application_id is not None:
        return card.application
    newest: Application | None = applicant.applications.endorsed().first()
    return newest


def _pictures(card: Card) -> dict[int, StoredFile]:
    pages = CardPage.objects.current().filter(card=card).select_related("file")
    return {SIDES[CardPage.Side(page.side)]: page.file for page in pages}


def _tie(begun: Begun, *, card: Card | None, words: str) -> None:
    if begun.is_new:
        CardRequest.objects.create(application=begun.application, card=card, words=text.line(words))


def last_holder_of(card: Card) -> str:
    """Who had the card last: by the register of use, else its holder."""
    lending = card.lendings.select_related("back_keeper").order_by("-out_at").first()
    if lending is None:
        return card.holder_name
    return lending.back_keeper.name if lending.back_keeper else lending.borrower
