"""The phrases that the departments began with, in their own rows from now on.

A phrase carries its conclusion where its words leave no doubt of it.
"""

from django.db import migrations

PHRASES = {
    "commerce": (
        "情况属实，同意申办。",
        "该公司与APEC经济体有实际业务往来，申请人确需经常赴有关经济体开展商务活动，同意申办。",
        "该公司有明确的进出口计划，与APEC经济体的业务正在推进，同意申办。",
        "现有材料不足以证明与APEC经济体的业务往来，暂不同意。",
    ),
    "tax": (
        "情况属实，同意申办。",
        "该公司上一年度依法申报纳税，未发现欠税，同意申办。",
        "该公司存在欠税，缴清前暂不同意。",
    ),
    "police": (
        "经查询，未发现申请人有犯罪记录，同意申办。",
        "经核查，申请人身份信息与所提供材料一致，未发现犯罪记录，同意申办。",
        "经查询，申请人情况不符合申办条件，不同意。",
    ),
    "social": (
        "情况属实，同意申办。",
        "申请人在该公司连续参保已满6个月，同意申办。",
        "申请人在该公司连续参保不足6个月，暂不同意。",
    ),
    "foreign_affairs": (
        "经审核，材料齐全，符合申办条件，同意推荐申办APEC商务旅行卡。",
        "经审核，不符合申办条件，不予推荐。",
    ),
}


REFUSALS = ("不同意", "不予")


def conclusion_of(text):
    if any(word in text for word in REFUSALS):
        return "disagree"
    return "agree" if "同意" in text else ""


def seed(apps, schema_editor):
    Department = apps.get_model("accounts", "Department")
    Phrase = apps.get_model("reviews", "Phrase")
    for code, texts in PHRASES.items():
        department = Department.objects.get(code=code)
        Phrase.objects.bulk_create(
            Phrase(
                department=department,
                text=text,
                position=position,
                conclusion=conclusion_of(text),
            )
            for position, text in enumerate(texts, start=1)
        )


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0001_initial"),
        ("accounts", "0002_departments_and_audit_guard"),
    ]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
