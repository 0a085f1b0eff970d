"""Planning of a briefing: its day and place, material, its end, and what is written of it."""

from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from core.dates import moment_words
from core.text import brief
from core.versions import claim
from files.services import Cleared, write
from outreach.articles.services import save_article
from outreach.briefings.refusals import BriefingRefused
from outreach.briefings.sign_ups import fill_places
from outreach.models import Article, Briefing, BriefingMaterial
from outreach.texting.sending import send_text

# What those who signed up have to hear of when it changes.
TOLD_OF: Final = ("starts_at", "ends_at", "place")
TITLE_OF_ARTICLE: Final = 80


@dataclass(frozen=True)
class Reached:
    """How many who signed up get a message, and how many have to be called."""

    sent: int = 0
    to_call: int = 0


@transaction.atomic
def save_briefing(briefing: Briefing, *, by: User) -> Reached:
    """Plan a briefing, or change it; who signed up is told of another day or place.

    Raises Overtaken, BriefingRefused.
    """
    is_new = briefing.pk is None
    if is_new:
        briefing.created_by = by
        briefing.save()
        record("briefing.plan", briefing, by=by)
        return Reached()
    stored = claim(briefing)
    if stored.is_cancelled:
        raise BriefingRefused("这场宣讲会已经取消，不能再改。要再办的，请新安排一场。")
    briefing.save()
    fill_places(briefing)
    record("briefing.change", briefing, by=by)
    if any(getattr(stored, name) != getattr(briefing, name) for name in TOLD_OF):
        when, where = moment_words(briefing.starts_at), brief(briefing.place, 60)
        words = f"宣讲会“{brief(briefing.title, 40)}”改为{when}在{where}"
        return _tell(briefing, words)
    return Reached()


@transaction.atomic
def cancel_briefing(briefing: Briefing, *, words: str, by: User) -> Reached:
    """Call it off; who signed up is told. Raises Overtaken, BriefingRefused."""
    stored = claim(briefing)
    if stored.is_cancelled:
        raise BriefingRefused("这场宣讲会已经取消过了。")
    if stored.is_over:
        raise BriefingRefused("宣讲会已经结束，不能取消。")
    briefing.cancelled_at, briefing.cancel_words = timezone.now(), words
    briefing.save(update_fields=["cancelled_at", "cancel_words", "version"])
    record("briefing.cancel", briefing, by=by)
    day = moment_words(briefing.starts_at)
    return _tell(briefing, f"原定{day}的宣讲会“{brief(briefing.title, 60)}”取消")


def _tell(briefing: Briefing, words: str) -> Reached:
    """A message to everybody who signed up; whom none reaches is to be called."""
    asked = list(briefing.sign_ups.standing())
    sent = sum(
        send_text(
            one.phone,
            f"{words}，请留意。",
            cause=f"briefing:{briefing.pk}:v{briefing.version}:{one.pk}",
        )
        is not None
        for one in asked
    )
    return Reached(sent, len(asked) - sent)


@transaction.atomic
def add_material(
    briefing: Briefing, *, title: str, text: str, file: Cleared | None, by: User
) -> BriefingMaterial:
    """Something for those who come. Raises files.refusals.StoreRefused."""
    kept = write(file, by=by) if file is not None else None
    material = BriefingMaterial.objects.create(briefing=briefing, title=title, text=text, file=kept)
    record("briefing.material", briefing, by=by, after={"title": title})
    return material


@transaction.atomic
def remove_material(material: BriefingMaterial, *, by: User) -> None:
    """Give it out no more; done twice it changes nothing."""
    standing = BriefingMaterial.objects.filter(pk=material.pk, removed_at__isnull=True)
    if standing.update(removed_at=timezone.now()):
        record(
            "briefing.material_remove", material.briefing, by=by, after={"title": material.title}
        )


@transaction.atomic
def sum_up(briefing: Briefing, *, words: str, by: User) -> None:
    """Write down how it went, also once more. Raises Overtaken, BriefingRefused."""
    stored = claim(briefing)
    if stored.is_cancelled or not stored.is_over:
        raise BriefingRefused("宣讲会结束以后再写小结。")
    briefing.summary = words
    briefing.summed_up_at, briefing.summed_up_by = timezone.now(), by
    briefing.save(update_fields=["summary", "summed_up_at", "summed_up_by", "version"])
    record("briefing.sum_up", briefing, by=by)


@transaction.atomic
def begin_article(briefing: Briefing, *, came: int, enterprises: int, by: User) -> Article:
    """A draft for the public from the summary, once; another person checks it as any other."""
    locked = Briefing.objects.select_for_update(no_key=True).get(pk=briefing.pk)
    if locked.article is not None:
        return locked.article
    if not locked.summed_up_at:
        raise BriefingRefused("请先写小结，再写成文章。")
    opening = (
        f"{locked.day_words}，{locked.title}在{locked.place}举行，{enterprises}家单位{came}人参加。"
    )
    article = Article(
        title=f"{locked.title}举行"[:TITLE_OF_ARTICLE],
        body=f"{opening}\n\n{locked.summary}",
        source="本站宣讲会小结",
    )
    save_article(article, by=by)
    locked.article = article
    locked.save(update_fields=["article"])
    return article
