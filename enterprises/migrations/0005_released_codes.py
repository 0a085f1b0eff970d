from django.db import migrations, models

import core.validators


class Migration(migrations.Migration):
    dependencies = [
        ("enterprises", "0004_licence_wanted"),
    ]

    operations = [
        migrations.AddField(
            model_name="enterprise",
            name="released_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="让出信用代码的时间"),
        ),
        migrations.AlterField(
            model_name="enterprise",
            name="credit_code",
            field=models.CharField(
                max_length=18,
                validators=[core.validators.credit_code],
                verbose_name="统一社会信用代码",
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprise",
            constraint=models.UniqueConstraint(
                condition=models.Q(("released_at__isnull", True)),
                fields=("credit_code",),
                name="enterprise_one_in_use_a_code",
            ),
        ),
    ]
