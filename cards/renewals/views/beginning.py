"""What is to be done with this card or this filing: the services that fit, and beginning one."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.kinds import SERVICES, Kind
from applications.models import Applicant, Application
from applications.services.starting import Begun
from cards.models import Card, Filing
from cards.refusals import attempt
from cards.renewals.beside import close_drafts
from cards.renewals.cancellations import GONE, report_cancellation
from cards.renewals.fit import Fit, fits_of, fits_of_filing
from cards.renewals.forms import ServiceForm
from cards.renewals.services import begin_on_card, begin_on_filing
from materials.catalogue import get


def visible_card(request: SignedInRequest, pk: int) -> Card:
    return get_object_or_404(Card.objects.visible_to(request.user).with_people(), pk=pk)


def endorsed_application(request: SignedInRequest, pk: int) -> Application:
    """One whose filing may be under way; 404 before that."""
    visible = Application.objects.visible_to(request.user).with_people()
    return get_object_or_404(visible.endorsed(), pk=pk)


@roles(Role.ENTERPRISE_AGENT)
def of_card(request: SignedInRequest, pk: int) -> HttpResponse:
    """这张卡要办什么: what fits today, and why the rest does not."""
    card = visible_card(request, pk)
    context = {"card": card, "fits": fits_of(card), "losses": card.losses.filter(found_at=None)}
    return render(request, "cards/renewals/services.html", context)


@roles(Role.ENTERPRISE_AGENT)
def of_applicant(request: SignedInRequest, pk: int) -> HttpResponse:
    """Leads on to what this person has: a card, or a filing under way; else says that none is."""
    applicants = Applicant.objects.visible_to(request.user)
    applicant = get_object_or_404(applicants, pk=pk)
    card = applicant.cards.live().first()
    if card is not None:
        return redirect("cards:services", card.pk)
    endorsed = applicant.applications.endorsed().first()
    if endorsed is not None and not hasattr(endorsed, "card"):
        return redirect("cards:filing_services", endorsed.pk)
    messages.info(
        request,
        f"{applicant.name}还没有登记在用的卡，也没有审核通过的申请。"
        "第一次办卡请“开始申请”；有卡没有登记的，请先登记卡。",
    )
    return redirect("applications:applicants")


@roles(Role.ENTERPRISE_AGENT)
def of_filing(request: SignedInRequest, pk: int) -> HttpResponse:
    """What may still be asked for before the card is printed."""
    application = endorsed_application(request, pk)
    fits = fits_of_filing(Filing.of(application))
    context = {"application": application, "fits": fits}
    return render(request, "cards/renewals/filing_services.html", context)


@roles(Role.ENTERPRISE_AGENT)
def on_card(request: SignedInRequest, pk: int, kind: str) -> HttpResponse:
    """What this service asks for; posted, its draft."""
    card = visible_card(request, pk)
    fit = _fit(fits_of(card), kind)
    form = ServiceForm(request.POST if request.method == "POST" else None, service=fit.service)

    def begin() -> Begun:
        if kind != Kind.CANCEL:
            return begin_on_card(card, kind=kind, by=request.user, **form.cleaned_data)
        cancelled = report_cancellation(card, by=request.user, **form.cleaned_data)
        _end_others(request, card, form.cleaned_data["cause"])
        return Begun(cancelled.application, is_new=True)

    done = _begun(request, form, begin)
    if done:
        return done
    context = {"card": card, "fit": fit, "form": form, "materials": _materials(fit)}
    status = 422 if form.errors else 200
    return render(request, "cards/renewals/service_begin.html", context, status=status)


@roles(Role.ENTERPRISE_AGENT)
def on_filing(request: SignedInRequest, pk: int, kind: str) -> HttpResponse:
    """The same for a service on a filing."""
    application = endorsed_application(request, pk)
    filing = Filing.of(application)
    fit = _fit(fits_of_filing(filing), kind)
    form = ServiceForm(request.POST if request.method == "POST" else None, service=fit.service)

    def begin() -> Begun:
        return begin_on_filing(filing, kind=kind, by=request.user, **form.cleaned_data)

    done = _begun(request, form, begin)
    if done:
        return done
    context = {
        "application": application,
        "fit": fit,
        "form": form,
        "materials": _materials(fit),
    }
    status = 422 if form.errors else 200
    return render(request, "cards/renewals/service_begin.html", context, status=status)


def _fit(fits: list[Fit], kind: str) -> Fit:
    found = next((fit for fit in fits if fit.service.kind == kind), None)
    if found is None:
        raise Http404
    return found


def _begun(
    request: SignedInRequest, form: ServiceForm, begin: Callable[[], Begun]
) -> HttpResponse | None:
    """To the draft once it is begun, with what was taken over; None where nothing was."""
    if request.method != "POST" or not form.is_valid():
        return None
    begun = attempt(form, begin)
    if begun is None:
        return None
    label = begun.application.service.label
    if begun.taken_over:
        names = "、".join(f"材料{number}{get(number).name}" for number in begun.taken_over)
        messages.success(request, f"已开始{label}。仍然有效、不用重传的：{names}。")
    else:
        messages.success(request, f"已开始{label}，请照材料清单准备。")
    return redirect("cards:service", begun.application.pk)


def _end_others(request: SignedInRequest, card: Card, cause: str) -> None:
    """Of a holder who leaves: his drafts for a new card are closed, what is submitted is asked."""
    reason = SERVICES[Kind.CANCEL].cause(cause)
    if reason is None or cause not in GONE:
        return
    closed, left = close_drafts(card, words=reason.label, by=request.user)
    for one in closed:
        messages.info(request, f"{one.title}（{one.reference}）的草稿已一并撤回，不再办理。")
    for one in left:
        messages.warning(
            request,
            f"{one.title}（{one.reference}）已经提交，还在办理。不再办的，请打开这件申请撤回。",
        )


def _materials(fit: Fit) -> list[tuple[str, str]]:
    """Number and name of what is asked for, with the cause that alone asks for it."""
    service = fit.service
    found = [(number, "") for number in service.materials]
    for cause in service.causes:
        found += [(n, cause.label) for n in cause.materials if n not in service.materials]
    return [(f"材料{int(number)}　{get(number).name}", only) for number, only in sorted(found)]
