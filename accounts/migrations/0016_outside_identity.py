import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.fields


class Migration(migrations.Migration):
    dependencies = [("accounts", "0015_passwords_and_idle_accounts")]
    operations = [
        migrations.CreateModel(
            name="OutsideIdentity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("issuer", models.CharField(max_length=200, verbose_name="平台")),
                ("subject", core.fields.EncryptedTextField(verbose_name="平台中的编号")),
                (
                    "subject_hash",
                    models.CharField(max_length=64, unique=True, verbose_name="平台和编号（散列）"),
                ),
                (
                    "bound_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="关联时间"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outside_identity",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="用户",
                    ),
                ),
            ],
            options={"verbose_name": "统一身份认证"},
        ),
    ]
