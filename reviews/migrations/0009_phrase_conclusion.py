"""A phrase carries its conclusion, so that words that refuse do not stand beside 同意."""

from django.db import migrations, models

REFUSALS = ("不同意", "不予")


def conclude(apps, schema_editor):
    """Only where the words leave no doubt; the department sets the others."""
    for phrase in apps.get_model("reviews", "Phrase").objects.all():
        if any(word in phrase.text for word in REFUSALS):
            phrase.conclusion = "disagree"
        elif "同意" in phrase.text:
            phrase.conclusion = "agree"
        phrase.save(update_fields=["conclusion"])


class Migration(migrations.Migration):
    dependencies = [("reviews", "0008_certificate_chains")]

    operations = [
        migrations.AddField(
            model_name="phrase",
            name="conclusion",
            field=models.CharField(
                blank=True,
                choices=[("agree", "同意"), ("disagree", "不同意")],
                max_length=10,
                verbose_name="带出的结论",
            ),
        ),
        migrations.RunPython(conclude, migrations.RunPython.noop),
    ]
