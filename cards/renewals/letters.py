"""Letters for a service, filled in from what the portal knows, to be printed and stamped."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.conf import settings

from applications.kinds import DAMAGED, LATE_APPROVALS, PASSPORT_CHANGED, WRONG_DATA, Kind
from applications.models import Application
from cards.filing.early_print import dealings_of
from cards.models import Cancellation, Card, CardRequest, EconomyApproval, Filing
from core.dates import day_words, moment_words
from core.typesetting import lay_out, rendering, write
from materials.catalogue import get
from materials.economies import NAMES
from materials.kind import MaterialKind
from materials.numbers import MaterialNumber

CITY_OFFICE = "重庆市人民政府外事办公室"
BLANK = "＿＿＿＿＿＿＿＿＿＿"
MATERIALS = {
    Kind.REPLACE: MaterialNumber.STATEMENT,
    Kind.REISSUE: MaterialNumber.STATEMENT,
    Kind.EARLY_PRINT: MaterialNumber.EARLY_PRINT_REQUEST,
    Kind.CANCEL: MaterialNumber.CANCEL_REQUEST,
}
TITLES = {
    Kind.REPLACE: "关于换发APEC商务旅行卡的情况说明",
    Kind.REISSUE: "关于补发APEC商务旅行卡的情况说明",
    Kind.EARLY_PRINT: "关于提前制作APEC商务旅行卡的申请",
    Kind.CANCEL: "关于注销APEC商务旅行卡的申请",
}
WHY_REPLACED = {
    PASSPORT_CHANGED: "制卡以后，持卡人换领了护照，原卡不能与新护照一起使用",
    DAMAGED: "原卡损坏，不能正常使用",
    WRONG_DATA: "原卡卡面信息有误",
    LATE_APPROVALS: "原卡提前制作，此后又有经济体批复，需要印在卡上",
}


class Wording:
    """How numbers, and what is left open, stand in the text: whole, and as blanks."""

    def number(self, name: str, value: str) -> str:
        return value

    def open(self, name: str) -> str:
        return BLANK + BLANK


AS_PRINTED = Wording()


@dataclass(frozen=True)
class ServiceLetter:
    """`material` is where the stamped sheet is uploaded."""

    application: Application
    title: str
    paragraphs: Sequence[str]
    material: MaterialKind
    addressee: str = CITY_OFFICE

    @property
    def file_name(self) -> str:
        return f"{self.material.name} {self.application.reference}.pdf"


def letter_for(request: CardRequest, wording: Wording = AS_PRINTED) -> ServiceLetter | None:
    """The letter of this service, or None where its kind asks for none.

    `wording` may put places for the numbers, so that the text can be edited without showing them.
    """
    application = request.application
    kind = Kind(application.kind)
    if kind not in MATERIALS:
        return None
    paragraphs = _PARAGRAPHS[kind](request, wording)
    return ServiceLetter(application, TITLES[kind], paragraphs, get(MATERIALS[kind]))


def render_letter(letter: ServiceLetter) -> bytes:
    """As PDF on one page of A4. Raises RenderingFailed."""
    context = {
        "letter": letter,
        "enterprise": letter.application.enterprise,
        "station_name": settings.STATION_NAME,
        "hotline": settings.HOTLINE,
    }
    template = "cards/renewals/pdf/letter.html"
    with rendering:
        return write(lay_out(template, context, "letter.css"), tagged=True)


def render_receipt(cancellation: Cancellation) -> bytes:
    """The receipt for a card that was handed in. Raises RenderingFailed."""
    context = {
        "cancellation": cancellation,
        "card": cancellation.card,
        "station_name": settings.STATION_NAME,
        "hotline": settings.HOTLINE,
    }
    template = "cards/renewals/pdf/receipt.html"
    with rendering:
        return write(lay_out(template, context, "letter.css"), tagged=True)


def _statement_of_exchange(request: CardRequest, wording: Wording) -> list[str]:
    application, card = request.application, _card(request)
    applicant = application.applicant
    reason = WHY_REPLACED.get(application.cause, "")
    passports = ""
    if application.cause == PASSPORT_CHANGED:
        passports = (
            f"旧护照号码{wording.number('护照号码', card.passport_number)}，"
            f"新护照号码{wording.number('新护照号码', applicant.passport_number)}，"
            f"有效期至{day_words(applicant.passport_expires_on)}。"
        )
    return [
        f"{_whose(application, wording)}{_which(card, wording)}",
        f"{reason}。{passports}{_own_words(request, wording)}",
        "为不影响对外商务活动，现申请换发。原卡随即停止使用，由我单位交回注销。",
        "以上情况属实，如有不实，我单位愿承担相应责任。",
    ]


def _statement_of_loss(request: CardRequest, wording: Wording) -> list[str]:
    application, card = request.application, _card(request)
    loss = card.losses.first()
    course = f"该卡{application.cause_label}。"
    if loss is not None:
        where = f"，地点：{loss.where}" if loss.where else ""
        course = (
            f"{moment_words(loss.noticed_at)}，发现该卡{loss.get_how_display()}{where}。"
            f"最后持有该卡的是{loss.last_holder}。"
        )
    return [
        f"{_whose(application, wording)}{_which(card, wording)}",
        f"{course}{_own_words(request, wording)}我单位已按规定报案（或登报声明），见附件。",
        "为不影响对外商务活动，现申请补发。原卡请予注销，日后找到的，我单位立即交回，不再使用。",
        "以上情况属实，如有不实，我单位愿承担相应责任。",
    ]


def _request_for_early_print(request: CardRequest, wording: Wording) -> list[str]:
    application = request.application
    first = application.follows
    filing = Filing.objects.filter(application=first).first() if first else None
    filed = f"，于{day_words(filing.filed_on)}提交申请" if filing and filing.filed_on else ""
    number = f"（申请编号{filing.national_number}）" if filing and filing.national_number else ""
    passport = wording.number("护照号码", application.applicant.passport_number)
    granted = _granted(filing)
    left = [code for code in NAMES if code not in granted]
    dealt_with = [one.name for one in dealings_of(first) if one.code in left] if first else []
    # The letter is the enterprise's own word: it says nothing that its papers speak against.
    others = (
        f"其中{'、'.join(dealt_with)}与我单位有业务往来，我单位愿意先制卡，前往时另办签证"
        if dealt_with
        else "不是我单位近期的主要往来对象"
    )
    have = f"目前已有{len(granted)}个经济体批复：{_names(granted)}。" if granted else ""
    return [
        f"{_whose(application, wording)}护照号码{passport}{filed}{number}。",
        f"{have}尚未批复的经济体（{_names(left)}）{'，' if dealt_with else ''}{others}。",
        f"因{request.words or wording.open('具体情况')}，现申请提前制卡。",
        "我单位知道：没有批复的经济体不会印在卡上，以后批复的不会自动加上；"
        "要加印的，须另行申请换卡、注销旧卡并再次缴费。",
    ]


def _request_to_cancel(request: CardRequest, wording: Wording) -> list[str]:
    application, card = request.application, _card(request)
    cancellation = Cancellation.objects.filter(application=application).first()
    since = f"{day_words(cancellation.happened_on)}起，" if cancellation else ""
    if cancellation is not None and cancellation.without_card:
        handed_in = f"原卡不能交回：{cancellation.without_card}。日后找到的，立即交回。"
    else:
        handed_in = f"原卡由我单位交到{settings.STATION_NAME}，请协助销毁。"
    return [
        f"{_whose(application, wording)}{_which(card, wording)}",
        f"{since}因{application.cause_label}，该卡不再使用。{_own_words(request, wording)}",
        f"现申请注销。{handed_in}",
    ]


_PARAGRAPHS = {
    Kind.REPLACE: _statement_of_exchange,
    Kind.REISSUE: _statement_of_loss,
    Kind.EARLY_PRINT: _request_for_early_print,
    Kind.CANCEL: _request_to_cancel,
}


def _card(request: CardRequest) -> Card:
    assert request.card is not None  # noqa: S101 - these kinds concern a card
    return request.card


def _whose(application: Application, wording: Wording) -> str:
    applicant = application.applicant
    identity = wording.number("身份证号码", applicant.id_number)
    return f"我单位{applicant.post}{applicant.name}，身份证号码{identity}，"


def _which(card: Card, wording: Wording) -> str:
    return (
        f"持有APEC商务旅行卡，卡号{wording.number('卡号', card.number)}，"
        f"绑定护照号码{wording.number('护照号码', card.passport_number)}，"
        f"{day_words(card.issued_on)}发卡，有效期至{day_words(card.card_until)}。"
    )


def _own_words(request: CardRequest, wording: Wording) -> str:
    words = request.words.strip()
    if not words:
        return f"具体情况：{wording.open('具体情况')}。"
    return words if words.endswith(("。", "！", "？")) else f"{words}。"


def _granted(filing: Filing | None) -> list[str]:
    if filing is None:
        return []
    current = EconomyApproval.objects.current().filter(filing=filing)
    return list(
        current.filter(state=EconomyApproval.State.GRANTED).values_list("economy", flat=True)
    )


def _names(codes: Collection[str]) -> str:
    return "、".join(name for code, name in NAMES.items() if code in codes)
