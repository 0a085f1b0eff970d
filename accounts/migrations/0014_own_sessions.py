import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.fields


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_passkeys")]
    operations = [
        migrations.CreateModel(
            name="OwnSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", core.fields.EncryptedTextField(verbose_name="会话")),
                (
                    "key_hash",
                    models.CharField(max_length=64, unique=True, verbose_name="会话（散列）"),
                ),
                ("device", models.CharField(max_length=60, verbose_name="设备")),
                ("origin", models.CharField(blank=True, max_length=45, verbose_name="来源地址")),
                (
                    "began_at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="登录时间"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="own_sessions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="用户",
                    ),
                ),
            ],
            options={"verbose_name": "登录", "ordering": ["-id"]},
        ),
    ]
