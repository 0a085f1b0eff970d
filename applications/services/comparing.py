"""Comparison by eye: the officer ticks off what a machine could not tell."""

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from applications.dossier.loading import load_dossier
from applications.models import Application
from applications.services.perform import MoveRefused
from files.models import Recognition


@transaction.atomic
def check_by_eye(application: Application, number: int, *, by: User) -> None:
    """Record that the officer held the picture against what was typed, and that it agrees."""
    locked = Application.objects.select_for_update().get(pk=application.pk)
    item = load_dossier(locked).find(number)
    rule = item.kind.recognition if item else None
    if item is None or rule is None or not item.pages:
        raise MoveRefused("这项材料没有需要人工核对的图片。请刷新页面。")
    recognition, _ = Recognition.objects.get_or_create(
        file=item.pages[-1].file, defaults={"kind": rule.reader}
    )
    if recognition.checked_at is not None:
        return
    recognition.checked_by, recognition.checked_at = by, timezone.now()
    recognition.save(update_fields=["checked_by", "checked_at"])
    record("material.compare", application, by=by, after={"material": number})


def require_compared(application: Application) -> None:
    """Raises MoveRefused while a passport was read without a certain result and nobody looked."""
    recognised = load_dossier(application).recognised_passport
    if recognised is not None and recognised.is_unresolved:
        raise MoveRefused(
            "材料10护照的机读码没有读准，还没有人工核对。"
            "请打开材料10，对照护照核对填写的内容，点“已人工核对，与填写一致”，再送部门审核。"
        )
