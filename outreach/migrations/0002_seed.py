"""First thresholds, the first version of the self-test, and the first common questions."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.apps.registry import Apps
from django.db import migrations

from parameters.seeding import Seed, seed

GROUP = "资格条件"
PLAN = "《万州区APEC商务旅行卡协办服务站实施方案》附件3"
PLANNED_ON = date(2025, 7, 29)
SEEDS = (
    Seed(
        "eligibility.passport_months", GROUP, "护照有效期至少还剩", "months", 12, PLAN,
        PLANNED_ON, help="资格自测和公开的指南", least=1, most=120, is_confirmed=True,
    ),
    Seed(
        "eligibility.passport_advice_months", GROUP, "护照有效期不到多少个月时建议先换护照",
        "months", 66, "卡最长5年，再加各经济体审批的时间；各地要求1年至5年半不等", PLANNED_ON,
        help="资格自测和公开的指南", least=1, most=120,
    ),
    Seed(
        "eligibility.social_months", GROUP, "在本企业连续参加社保至少", "months", 6, PLAN,
        PLANNED_ON, help="资格自测和公开的指南", least=1, most=120, is_confirmed=True,
    ),
    Seed(
        "eligibility.renew_months", GROUP, "到期前多少个月内可以续办", "months", 6,
        "上海市《问答——管理篇》", date(2025, 2, 12), help="资格自测和公开的问答", least=1, most=60,
    ),
    Seed(
        "outreach.answer_days", "宣传与咨询", "公众提问、请求回电的答复时限", "workdays", 2, "本站约定",
        help="公众提问和请求回电以后，几个工作日内答复", least=1, most=30,
    ),
)  # fmt: skip
HERE = Path(__file__).resolve().parent.parent
REVIEW_BY = date(2027, 5, 31)


def _read(name: str) -> Any:
    return json.loads((HERE / name).read_text(encoding="utf-8"))


def add(apps: Apps, schema_editor: Any) -> None:
    seed(apps, SEEDS)
    Flow = apps.get_model("outreach", "Flow")
    Flow.objects.get_or_create(
        number=1,
        defaults={
            "state": "published",
            "document": _read("self_test/first_document.json"),
            "valid_from": PLANNED_ON,
            "source": "实施方案及各地外事办公室公开的指南，每条规则写明来源",
            "change": "第一版",
        },
    )
    Question = apps.get_model("outreach", "Question")
    QuestionVersion = apps.get_model("outreach", "QuestionVersion")
    if Question.objects.exists():
        return
    for one in _read("articles/first_questions.json"):
        day = date.fromisoformat(one.pop("source_on"))
        made = Question.objects.create(**one, source_on=day, review_by=REVIEW_BY)
        QuestionVersion.objects.create(
            question=made, number=1, text=made.text, answer=made.answer, source=made.source
        )


class Migration(migrations.Migration):
    dependencies = [("outreach", "0001_initial"), ("parameters", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
