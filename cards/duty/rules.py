"""An enterprise's rules of management: written from the template, or uploaded; its keepers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from cards.duty.texts import fill
from cards.models import CollectionLetter, Keeper, ManagementRules, RulesPage, StationText
from cards.pictures import keep_pictures
from cards.refusals import Refusal
from core.dates import day_words
from enterprises.models import Enterprise
from files.services import Cleared
from parameters.values import number

# Rules are dated when they are signed, which is not long before they are entered here.
LONGEST_AGO = timedelta(days=3653)
LONGEST_AHEAD = timedelta(days=366)


class RulesRefused(Refusal):
    """Rules, a keeper or a letter cannot be entered so."""


@dataclass(frozen=True)
class Choices:
    """What an enterprise chooses for its rules; the rest is the station's template."""

    keeper: str
    place: str
    return_days: int
    loss: str
    leaving: str
    in_force_since: date


def rules_text(template: StationText, enterprise: Enterprise, chosen: Choices) -> str:
    """The rules as they would be, to be read before they are saved."""
    return fill(
        template.text,
        {
            "企业": enterprise.name,
            "保管": chosen.keeper,
            "地点": chosen.place,
            "天数": str(chosen.return_days),
            "遗失": _sentence(chosen.loss),
            "离职": _sentence(chosen.leaving),
            "施行": day_words(chosen.in_force_since),
        },
    )


def _sentence(words: str) -> str:
    return words if words.endswith(("。", "！", "？")) else f"{words}。"


@transaction.atomic
def write_rules(enterprise: Enterprise, *, chosen: Choices, by: User) -> ManagementRules:
    """The next version, from the station's template. The same once more is no version."""
    locked = Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
    _require_day(locked, chosen.in_force_since)
    template = StationText.objects.newest(StationText.Code.RULES)
    text = rules_text(template, locked, chosen)
    last = locked.management_rules.order_by("-version").first()
    if last is not None and last.text == text:
        return last
    return _save(
        ManagementRules(
            enterprise=locked,
            way=ManagementRules.Way.TEMPLATE,
            keeper=chosen.keeper,
            place=chosen.place,
            return_days=chosen.return_days,
            loss=chosen.loss,
            leaving=chosen.leaving,
            text=text,
            template_version=template.version,
            in_force_since=chosen.in_force_since,
        ),
        by=by,
    )


@transaction.atomic
def upload_rules(
    enterprise: Enterprise,
    *,
    pictures: Sequence[Cleared],
    return_days: int,
    in_force_since: date,
    by: User,
) -> ManagementRules:
    """The next version, which the enterprise wrote itself."""
    locked = Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
    _require_day(locked, in_force_since)
    if not pictures:
        raise RulesRefused("还没有选择文件，请拍照或选择管理办法的各页。", field="files")
    rules = _save(
        ManagementRules(
            enterprise=locked,
            way=ManagementRules.Way.UPLOAD,
            return_days=return_days,
            in_force_since=in_force_since,
        ),
        by=by,
    )
    keep_pictures(pictures, RulesPage, enterprise=locked, by=by, rules=rules)
    return rules


def _require_day(enterprise: Enterprise, day: date) -> None:
    today = timezone.localdate()
    if not today - LONGEST_AGO <= day <= today + LONGEST_AHEAD:
        raise RulesRefused(
            f"施行日期{day_words(day)}离今天太远，请核对年份。", field="in_force_since"
        )
    newest = enterprise.management_rules.order_by("-in_force_since").first()
    if newest is not None and day < newest.in_force_since:
        raise RulesRefused(
            f"施行日期早于现有第{newest.version}版的{day_words(newest.in_force_since)}，请核对。",
            field="in_force_since",
        )


def _save(rules: ManagementRules, *, by: User) -> ManagementRules:
    last = rules.enterprise.management_rules.aggregate(last=Max("version"))["last"]
    rules.version, rules.created_by = (last or 0) + 1, by
    rules.save()
    record(
        "duty.rules",
        rules,
        by=by,
        after={"version": rules.version, "in_force_since": rules.in_force_since.isoformat()},
    )
    return rules


def return_days_of(enterprise: Enterprise, day: date) -> int:
    """Within how many days after the trip a card is back: by its own rules, else the parameter."""
    rules = enterprise.management_rules.all().in_force(day).first()
    return rules.return_days if rules else number("duty.return_days", day)


@transaction.atomic
def add_keeper(
    enterprise: Enterprise, *, name: str, post: str, phone: str, since: date, by: User
) -> Keeper:
    """One more who keeps the cards; the same name once more is the same person."""
    locked = Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
    if since > timezone.localdate():
        raise RulesRefused(f"起始日期{day_words(since)}还没有到，请核对。", field="since")
    acting = list(locked.keepers.acting())
    for there in acting:
        if there.name == name:
            return there
    most = number("duty.keepers_most")
    if len(acting) >= most:
        raise RulesRefused(
            f"同时最多{most}名保管人。请先结束不再保管的一位，再登记新的。", field="name"
        )
    keeper = Keeper.objects.create(
        enterprise=locked, name=name, post=post, phone=phone, since=since, created_by=by
    )
    record("duty.keeper", keeper, by=by, after={"name": name})
    return keeper


@transaction.atomic
def end_keeper(keeper: Keeper, *, by: User) -> None:
    """From today on he keeps no cards; twice does no harm."""
    locked = Keeper.objects.select_for_update(no_key=True).get(pk=keeper.pk)
    if locked.ended_on is not None:
        return
    locked.ended_on = max(timezone.localdate(), locked.since)
    locked.save(update_fields=["ended_on"])
    record("duty.keeper_end", locked, by=by, after={"name": locked.name})


@transaction.atomic
def write_letter(
    enterprise: Enterprise,
    *,
    collector: str,
    post: str,
    id_number: str,
    phone: str,
    holders: str,
    collects_on: date,
    by: User,
) -> CollectionLetter:
    """The commitment of who collects cards, filled in, to be printed, signed and stamped.

    The same person, day and cards once more is the letter that is there.
    """
    locked = Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
    today = timezone.localdate()
    if not today - timedelta(days=366) <= collects_on <= today + timedelta(days=92):
        raise RulesRefused(
            f"领卡日期{day_words(collects_on)}离今天太远，请核对。", field="collects_on"
        )
    template = StationText.objects.newest(StationText.Code.COMMITMENT)
    text = fill(
        template.text,
        {
            "企业": locked.name,
            "领卡人": collector,
            "职务": post or "—",
            "证件": "{证件}",
            "电话": "{电话}",
            "日期": day_words(collects_on),
            "持卡人": holders,
        },
    )
    for there in locked.collection_letters.filter(collects_on=collects_on):
        if (there.text, there.id_number, there.phone) == (text, id_number, phone):
            return there
    letter = CollectionLetter.objects.create(
        enterprise=locked,
        collector=collector,
        post=post,
        id_number=id_number,
        phone=phone,
        holders=holders,
        collects_on=collects_on,
        text=text,
        text_version=template.version,
        created_by=by,
    )
    record("duty.letter", letter, by=by, after={"collects_on": collects_on.isoformat()})
    return letter


def letter_words(letter: CollectionLetter) -> str:
    """The letter's text with the numbers, which are kept apart and encrypted."""
    return fill(letter.text, {"证件": letter.id_number or "　", "电话": letter.phone})
