"""One word, one thing: a finding of a visit is another."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("finding", "0001_initial")]
    operations = [migrations.RenameModel("FindingEntry", "IndexEntry")]
