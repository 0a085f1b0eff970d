"""First topics and targets of the desk, the plan's phases, and what rows from before lack."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.models import F

from finding.words import number_key, plain
from parameters.seeding import Seed, seed

SEEDS = (
    Seed(
        "outreach.desk_answer_days", "宣传与咨询", "电话、来访、邮件咨询的答复时限", "workdays", 1,
        "本站约定", help="当场答不了的，几个工作日内答复", least=1, most=30,
    ),
)  # fmt: skip
TOPICS = (
    "资格条件", "材料准备", "审核表和部门意见", "国家系统填报", "费用和时间", "领卡和用卡",
    "换卡、补卡、续办", "签证和出入境", "账号和门户操作", "其他",
)  # fmt: skip
PHASES = Path(__file__).resolve().parent.parent / "plan" / "first_phases.json"
STEP = 10


def add(apps: Apps, schema_editor: Any) -> None:
    seed(apps, SEEDS)
    Topic = apps.get_model("outreach", "ConsultationTopic")
    for place, name in enumerate(TOPICS, 1):
        Topic.objects.get_or_create(name=name, defaults={"position": place * STEP})
    _add_phases(apps)
    _fill_consultations(apps.get_model("outreach", "Consultation"))
    _fill_articles(apps.get_model("outreach", "Article"))


def _add_phases(apps: Apps) -> None:
    Phase, Task = (apps.get_model("outreach", name) for name in ("PlanPhase", "PlanTask"))
    if Phase.objects.exists():
        return
    for one in json.loads(PHASES.read_text(encoding="utf-8")):
        tasks = one.pop("tasks")
        phase = Phase.objects.create(**_dated(one))
        for place, task in enumerate(tasks, 1):
            Task.objects.create(phase=phase, position=place * STEP, **_dated(task))


def _dated(raw: dict[str, Any]) -> dict[str, Any]:
    return {
        key: date.fromisoformat(value) if key.endswith("_on") and value else value
        for key, value in raw.items()
    }


def _fill_consultations(rows: Any) -> None:
    """When they were asked, and by which number; there were only those of the public page."""
    rows.objects.update(asked_at=F("created_at"))
    for row in rows.objects.only("pk", "phone").iterator():
        if row.phone:
            key = number_key(plain(row.phone).upper())
            rows.objects.filter(pk=row.pk).update(phone_key=key)


def _fill_articles(rows: Any) -> None:
    """To whom those on show go: as they are written now, since nothing else is known."""
    for row in rows.objects.filter(published_at__isnull=False).iterator():
        row.shown_important = row.is_important
        row.shown_to = {
            "audience": row.audience, "enterprise_kinds": row.enterprise_kinds,
            "stages": [], "economies": [],
        }  # fmt: skip
        row.save(update_fields=["shown_important", "shown_to"])


class Migration(migrations.Migration):
    dependencies = [("outreach", "0003_desk_and_plan"), ("parameters", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
