"""What is over of the visits comes in its order from an index."""

import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enterprises", "0010_demand_ledger"),
        ("outreach", "0006_list_orders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="companyvisit",
            index=models.Index(
                models.OrderBy(
                    django.db.models.functions.comparison.Coalesce("done_at", "dropped_at"),
                    descending=True,
                ),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(
                    ("done_at__isnull", False), ("dropped_at__isnull", False), _connector="OR"
                ),
                name="company_visit_over",
            ),
        ),
    ]
