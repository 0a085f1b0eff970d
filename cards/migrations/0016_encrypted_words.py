"""Free texts and names that nobody looks for are encrypted columns (ADR 70)."""

from django.db import migrations

import core.fields
from core.encrypting import BecomesEncrypted


class Migration(migrations.Migration):
    dependencies = [("cards", "0015_flat_lists")]

    operations = [
        BecomesEncrypted(
            "breach",
            "person",
            core.fields.EncryptedNameField(blank=True, max_length=50, verbose_name="涉及的人"),
        ),
        BecomesEncrypted(
            "breach", "facts", core.fields.EncryptedTextField(max_length=2000, verbose_name="事实")
        ),
        BecomesEncrypted(
            "breach",
            "statement",
            core.fields.EncryptedTextField(blank=True, max_length=2000, verbose_name="企业的说明"),
        ),
        BecomesEncrypted(
            "breach",
            "outcome",
            core.fields.EncryptedLineField(blank=True, max_length=300, verbose_name="办结说明"),
        ),
        BecomesEncrypted(
            "measure",
            "words",
            core.fields.EncryptedLineField(max_length=300, verbose_name="措施说明"),
        ),
        BecomesEncrypted(
            "measure",
            "review_words",
            core.fields.EncryptedLineField(blank=True, max_length=300, verbose_name="复查情况"),
        ),
        BecomesEncrypted(
            "measure",
            "lift_words",
            core.fields.EncryptedLineField(blank=True, max_length=300, verbose_name="解除的原因"),
        ),
        BecomesEncrypted(
            "cardevent",
            "actor",
            core.fields.EncryptedLineField(blank=True, max_length=60, verbose_name="非账户人员"),
        ),
        BecomesEncrypted(
            "cardevent",
            "detail",
            core.fields.EncryptedLineField(blank=True, max_length=500, verbose_name="说明"),
        ),
        BecomesEncrypted(
            "filing",
            "collected_by",
            core.fields.EncryptedNameField(blank=True, max_length=50, verbose_name="领卡人"),
        ),
        BecomesEncrypted(
            "filingevent",
            "words",
            core.fields.EncryptedTextField(blank=True, max_length=500, verbose_name="说明"),
        ),
        BecomesEncrypted(
            "filingevent",
            "facts",
            core.fields.EncryptedJSONField(blank=True, default=dict, verbose_name="内容"),
        ),
        BecomesEncrypted(
            "economyapproval",
            "words",
            core.fields.EncryptedLineField(blank=True, max_length=200, verbose_name="说明"),
        ),
        BecomesEncrypted(
            "lending",
            "borrower",
            core.fields.EncryptedNameField(max_length=50, verbose_name="领用人"),
        ),
        BecomesEncrypted(
            "lending",
            "purpose",
            core.fields.EncryptedLineField(max_length=200, verbose_name="出境事由"),
        ),
        BecomesEncrypted(
            "lending",
            "back_note",
            core.fields.EncryptedLineField(blank=True, max_length=200, verbose_name="归还时的情况"),
        ),
        BecomesEncrypted(
            "periodreport",
            "rows",
            core.fields.EncryptedListField(blank=True, default=list, verbose_name="各卡情况"),
        ),
        BecomesEncrypted(
            "periodreport",
            "remarks",
            core.fields.EncryptedLineField(blank=True, max_length=500, verbose_name="其他说明"),
        ),
        BecomesEncrypted(
            "cardrequest",
            "words",
            core.fields.EncryptedTextField(blank=True, max_length=500, verbose_name="原因和经过"),
        ),
        BecomesEncrypted(
            "lossreport",
            "last_holder",
            core.fields.EncryptedNameField(max_length=50, verbose_name="最后拿着卡的人"),
        ),
        BecomesEncrypted(
            "lossreport",
            "where",
            core.fields.EncryptedLineField(blank=True, max_length=100, verbose_name="在哪里丢的"),
        ),
        BecomesEncrypted(
            "cancellation",
            "handed_in_by",
            core.fields.EncryptedNameField(blank=True, max_length=50, verbose_name="交卡人"),
        ),
        BecomesEncrypted(
            "cancellation",
            "without_card",
            core.fields.EncryptedLineField(blank=True, max_length=200, verbose_name="交不回的原因"),
        ),
        BecomesEncrypted(
            "collectionletter",
            "collector",
            core.fields.EncryptedNameField(max_length=50, verbose_name="领卡人"),
        ),
        BecomesEncrypted(
            "collectionletter",
            "post",
            core.fields.EncryptedNameField(blank=True, max_length=60, verbose_name="职务"),
        ),
        BecomesEncrypted(
            "collectionletter",
            "holders",
            core.fields.EncryptedLineField(max_length=200, verbose_name="领取谁的卡"),
        ),
        BecomesEncrypted(
            "collectionletter", "text", core.fields.EncryptedTextField(verbose_name="全文")
        ),
        BecomesEncrypted(
            "keeper", "name", core.fields.EncryptedNameField(max_length=50, verbose_name="保管人")
        ),
        BecomesEncrypted(
            "keeper",
            "post",
            core.fields.EncryptedNameField(blank=True, max_length=60, verbose_name="部门和职务"),
        ),
        BecomesEncrypted(
            "visit",
            "person_met",
            core.fields.EncryptedNameField(blank=True, max_length=50, verbose_name="接待人"),
        ),
        BecomesEncrypted(
            "visit",
            "summary",
            core.fields.EncryptedLineField(blank=True, max_length=1000, verbose_name="情况"),
        ),
        BecomesEncrypted(
            "visit",
            "drop_words",
            core.fields.EncryptedLineField(blank=True, max_length=200, verbose_name="取消的原因"),
        ),
        BecomesEncrypted(
            "visitfinding",
            "words",
            core.fields.EncryptedLineField(max_length=500, verbose_name="问题和要求"),
        ),
        BecomesEncrypted(
            "findingentry",
            "words",
            core.fields.EncryptedLineField(blank=True, max_length=500, verbose_name="内容"),
        ),
        BecomesEncrypted(
            "feedback",
            "trouble",
            core.fields.EncryptedLineField(blank=True, max_length=500, verbose_name="遇到的问题"),
        ),
    ]
