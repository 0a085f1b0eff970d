from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_conditions")]
    operations = [
        migrations.AddField(
            model_name="notice",
            name="pictures",
            field=models.JSONField(blank=True, default=list, verbose_name="图片"),
        ),
    ]
