"""Invitations carry a key; what was written on pages counts once a briefing, not once of all."""

from typing import Any

from django.db import migrations, models


def keep_open(apps: Any, schema_editor: Any) -> None:
    """Who was invited by a number alone comes in by it, as before."""
    briefings = apps.get_model("outreach", "Briefing").objects
    invited = apps.get_model("outreach", "Invitation").objects.values("briefing")
    briefings.filter(is_public=False, pk__in=invited).update(opens_by_number=True)


class Migration(migrations.Migration):
    dependencies = [("outreach", "0008_once_a_briefing")]

    operations = [
        migrations.AddField(
            model_name="briefing",
            name="opens_by_number",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AlterField(
            model_name="briefingfeedback",
            name="nonce",
            field=models.CharField(max_length=36),
        ),
        migrations.AlterField(
            model_name="briefingquestion",
            name="nonce",
            field=models.CharField(max_length=36),
        ),
        migrations.AddConstraint(
            model_name="briefingfeedback",
            constraint=models.UniqueConstraint(
                fields=("briefing", "nonce"), name="briefing_feedback_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="briefingquestion",
            constraint=models.UniqueConstraint(
                fields=("briefing", "nonce"), name="briefing_question_once"
            ),
        ),
        migrations.RunPython(keep_open, migrations.RunPython.noop),
    ]
