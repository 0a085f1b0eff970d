from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0011_handled_by"),
    ]

    operations = [
        migrations.AlterField(
            model_name="statuschange",
            name="action",
            field=models.CharField(
                choices=[
                    ("submit", "提交"),
                    ("take_back", "撤回修改"),
                    ("return", "退回补正"),
                    ("resubmit", "补正后提交"),
                    ("decline", "不予办理"),
                    ("circulate", "送部门审核"),
                    ("ask_supplement", "要求补充材料"),
                    ("supplement", "提交补充材料"),
                    ("drop_supplement", "取消补充要求"),
                    ("recall", "撤回审核表"),
                    ("conclude", "审核办结"),
                    ("withdraw", "企业撤回"),
                ],
                max_length=15,
                verbose_name="动作",
            ),
        ),
    ]
