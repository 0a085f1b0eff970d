"""One word, one thing: what a check finds in a material is another."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cards", "0009_holding")]
    operations = [migrations.RenameModel("Finding", "VisitFinding")]
