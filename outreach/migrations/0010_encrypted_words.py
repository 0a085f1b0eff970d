"""Free texts and names that nobody looks for are encrypted columns (ADR 70)."""

from django.db import migrations

import core.fields
from core.encrypting import BecomesEncrypted


class Migration(migrations.Migration):
    dependencies = [("outreach", "0009_invitations_by_key")]

    operations = [
        BecomesEncrypted(
            "callback",
            "name",
            core.fields.EncryptedNameField(max_length=50, verbose_name="怎么称呼您"),
        ),
        BecomesEncrypted(
            "consultation",
            "name",
            core.fields.EncryptedNameField(max_length=50, verbose_name="怎么称呼您"),
        ),
        BecomesEncrypted(
            "callback",
            "note",
            core.fields.EncryptedLineField(blank=True, max_length=500, verbose_name="通话记录"),
        ),
        BecomesEncrypted(
            "consultation",
            "text",
            core.fields.EncryptedTextField(max_length=1000, verbose_name="您的问题"),
        ),
        BecomesEncrypted(
            "consultation",
            "answer",
            core.fields.EncryptedTextField(blank=True, max_length=3000, verbose_name="答复"),
        ),
        BecomesEncrypted(
            "consultationhanding",
            "note",
            core.fields.EncryptedLineField(max_length=300, verbose_name="请对方做什么"),
        ),
        BecomesEncrypted(
            "consultationhanding",
            "reply",
            core.fields.EncryptedLineField(blank=True, max_length=1000, verbose_name="回复"),
        ),
        BecomesEncrypted(
            "briefingsignup",
            "name",
            core.fields.EncryptedNameField(blank=True, max_length=50, verbose_name="姓名"),
        ),
        BecomesEncrypted(
            "attendance",
            "name",
            core.fields.EncryptedNameField(blank=True, max_length=50, verbose_name="姓名"),
        ),
        BecomesEncrypted(
            "doorattempt",
            "typed",
            core.fields.EncryptedLineField(blank=True, max_length=120, verbose_name="填的是"),
        ),
        BecomesEncrypted(
            "briefingquestion",
            "asked_by",
            core.fields.EncryptedNameField(blank=True, max_length=120, verbose_name="谁问的"),
        ),
        BecomesEncrypted(
            "briefingquestion",
            "text",
            core.fields.EncryptedTextField(max_length=1000, verbose_name="问题"),
        ),
        BecomesEncrypted(
            "briefingquestion",
            "answer",
            core.fields.EncryptedTextField(blank=True, max_length=3000, verbose_name="答复"),
        ),
        BecomesEncrypted(
            "briefingfeedback",
            "words",
            core.fields.EncryptedLineField(blank=True, max_length=500, verbose_name="意见和建议"),
        ),
        BecomesEncrypted(
            "companyvisit",
            "met_name",
            core.fields.EncryptedNameField(blank=True, max_length=50, verbose_name="接待人"),
        ),
        BecomesEncrypted(
            "companyvisit",
            "told",
            core.fields.EncryptedTextField(blank=True, max_length=2000, verbose_name="讲了什么"),
        ),
        BecomesEncrypted(
            "companyvisit",
            "asked",
            core.fields.EncryptedTextField(
                blank=True, max_length=2000, verbose_name="对方问了什么、有什么意见"
            ),
        ),
        BecomesEncrypted(
            "symposiumparticipant",
            "name",
            core.fields.EncryptedNameField(blank=True, max_length=50, verbose_name="谁来"),
        ),
        BecomesEncrypted(
            "symposiumopinion",
            "words",
            core.fields.EncryptedTextField(max_length=1000, verbose_name="意见"),
        ),
        BecomesEncrypted(
            "symposiumopinion",
            "answer",
            core.fields.EncryptedTextField(blank=True, max_length=2000, verbose_name="答复"),
        ),
        BecomesEncrypted(
            "outwardtext",
            "text",
            core.fields.EncryptedLineField(max_length=200, verbose_name="内容"),
        ),
        BecomesEncrypted(
            "precheck",
            "reason",
            core.fields.EncryptedLineField(blank=True, max_length=500, verbose_name="专员的理由"),
        ),
    ]
