"""A letter of before names the applicants of the cases that used it."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q

LETTER = 1
EDITABLE = ("draft", "returned", "supplementing")


def name_applicants(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Those of the cases submitted with it, and of the cases that show it while they may change."""
    Material = apps.get_model("applications", "Material")
    NamedApplicant = apps.get_model("applications", "NamedApplicant")
    letters = Material.objects.filter(number=LETTER)
    named = set(
        letters.filter(document__isnull=False).values_list("document", "application__applicant")
    )
    shown = _enterprises_with_letters(apps)
    asked_for = Q(
        application__corrections__number=LETTER,
        application__corrections__sent_at__isnull=False,
        application__corrections__resolved_at__isnull=True,
    )
    changing = letters.filter(Q(document__isnull=True) | asked_for).filter(
        application__status__in=EDITABLE
    )
    for enterprise, applicant in changing.values_list(
        "application__enterprise", "application__applicant"
    ):
        if enterprise in shown:
            named.add((shown[enterprise], applicant))
    NamedApplicant.objects.bulk_create(
        NamedApplicant(document_id=document, applicant_id=applicant)
        for document, applicant in sorted(named)
    )


def _enterprises_with_letters(apps: Apps) -> dict[int, int]:
    """The letter that counts, by enterprise."""
    StandingDocument = apps.get_model("enterprises", "StandingDocument")
    current = StandingDocument.objects.filter(kind=LETTER, superseded_at__isnull=True)
    return dict(current.values_list("enterprise", "pk"))


class Migration(migrations.Migration):
    dependencies = [("applications", "0008_named_applicants")]
    operations = [migrations.RunPython(name_applicants, migrations.RunPython.noop)]
