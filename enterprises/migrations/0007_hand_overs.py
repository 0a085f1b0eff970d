import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.fields


class Migration(migrations.Migration):
    dependencies = [
        ("enterprises", "0006_invited_agents"),
        ("files", "0002_recognition_turns"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HandOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=50, verbose_name="新经办人姓名")),
                ("email", models.EmailField(max_length=254, verbose_name="新经办人邮箱")),
                ("phone", core.fields.EncryptedTextField(verbose_name="新经办人电话")),
                ("reason", models.CharField(max_length=200, verbose_name="移交的原因")),
                ("asked_at", models.DateTimeField(auto_now_add=True, verbose_name="发起时间")),
                ("takes_effect_at", models.DateTimeField(verbose_name="生效时间")),
                ("objection", models.CharField(blank=True, max_length=500, verbose_name="异议")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("done", "已移交"), ("dropped", "已取消")],
                        max_length=8,
                        verbose_name="结果",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
            ],
            options={
                "verbose_name": "经办移交",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ProofPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="页序")),
                ("warnings", models.JSONField(blank=True, default=list, verbose_name="提示")),
                (
                    "superseded_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="被替换时间"),
                ),
            ],
            options={
                "verbose_name": "授权文件页",
                "ordering": ["position", "id"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="handover",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="发起人",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="enterprise",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="hand_overs",
                to="enterprises.enterprise",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="objected_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="proofpage",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.storedfile",
                verbose_name="文件",
            ),
        ),
        migrations.AddField(
            model_name="proofpage",
            name="hand_over",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pages",
                to="enterprises.handover",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("enterprise",),
                name="hand_over_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("outcome", "")),
                    models.Q(("ended_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                    _connector="OR",
                ),
                name="hand_over_end_is_whole",
            ),
        ),
    ]
