import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def by_who_began(apps, schema_editor):
    application = apps.get_model("applications", "Application")
    application.objects.filter(handled_by__isnull=True).update(handled_by=models.F("created_by"))


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0010_consents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="handled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="经办人",
            ),
        ),
        migrations.RunPython(by_who_began, migrations.RunPython.noop),
    ]
