"""Reference text of a letter of application (公函), for the applicants whom the agent picks."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.forms import PeopleForm
from applications.views.agent import visible_application
from materials.catalogue import get
from materials.numbers import MaterialNumber


@roles(Role.ENTERPRISE_AGENT)
def letter_text(request: SignedInRequest, pk: int) -> HttpResponse:
    """What to put on the enterprise's own letterhead; only what it alone knows is left blank."""
    application = visible_application(request, pk)
    applicants = list(application.enterprise.applicants.order_by("pk"))
    form = PeopleForm(
        request.GET if "applicants" in request.GET else None,
        applicants=applicants,
        picked=[application.applicant],
    )
    chosen = form.cleaned_data["applicants"] if form.is_valid() else [application.applicant_id]
    return render(
        request,
        "applications/letter_text.html",
        {
            "application": application,
            "form": form,
            "people": [person for person in applicants if person.pk in chosen],
            "kind": get(MaterialNumber.LETTER),
        },
        status=422 if form.errors else 200,
    )
