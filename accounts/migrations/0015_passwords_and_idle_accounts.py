import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.fields


class Migration(migrations.Migration):
    dependencies = [("accounts", "0014_own_sessions")]
    operations = [
        migrations.CreateModel(
            name="FormerPassword",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", core.fields.EncryptedTextField(verbose_name="密码（散列）")),
                (
                    "replaced_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="更换时间"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="用户",
                    ),
                ),
            ],
            options={"verbose_name": "用过的密码", "ordering": ["-id"]},
        ),
        migrations.AddField(
            model_name="user",
            name="password_set_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="密码设置时间"),
        ),
        migrations.AddField(
            model_name="user",
            name="idle_asked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="久未登录询问时间"),
        ),
    ]
