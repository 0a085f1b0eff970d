"""Rules of management: written from the template or uploaded, read, printed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.audit import record
from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.requests import SignedInRequest
from cards.duty.forms import RulesForm, RulesUploadForm
from cards.duty.print import render_rules
from cards.duty.rules import Choices, upload_rules, write_rules
from cards.duty.views.common import (
    AGENT,
    READERS,
    enterprise_of,
    files_in,
    printed,
    show_page,
    status_of,
)
from cards.models import ManagementRules, RulesPage
from cards.pictures import read_pictures
from cards.refusals import attempt
from enterprises.models import Enterprise
from parameters.values import number


@roles(*AGENT)
def rules_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """The choices that the template leaves; saved, they make the next version."""
    enterprise = enterprise_of(request, pk)
    form = RulesForm(request.POST or None, initial=_initial(enterprise))
    if request.method == "POST" and form.is_valid():
        chosen = Choices(**form.cleaned_data)
        rules = attempt(form, lambda: write_rules(enterprise, chosen=chosen, by=request.user))
        if rules is not None:
            messages.success(
                request, f"已写成第{rules.version}版。请打印、盖章、施行，让保管人和持卡人都知道。"
            )
            return redirect(rules)
    context = {"enterprise": enterprise, "form": form}
    return render(request, "cards/duty/rules_new.html", context, status=status_of(form))


def _initial(enterprise: Enterprise) -> dict[str, object]:
    """What the version before chose, or what is usual."""
    last = enterprise.management_rules.filter(way=ManagementRules.Way.TEMPLATE).first()
    today = timezone.localdate()
    if last is None:
        return {"return_days": number("duty.return_days"), "in_force_since": today}
    chosen = {name: getattr(last, name) for name in ("keeper", "place", "loss", "leaving")}
    return {**chosen, "return_days": last.return_days, "in_force_since": today}


@roles(*AGENT)
@heavy("POST")
def rules_upload(request: SignedInRequest, pk: int) -> HttpResponse:
    enterprise = enterprise_of(request, pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    initial = {"return_days": number("duty.return_days"), "in_force_since": timezone.localdate()}
    form = RulesUploadForm(*sent, initial=initial)
    if request.method == "POST" and form.is_valid():
        rules = attempt(
            form,
            lambda: upload_rules(
                enterprise,
                pictures=read_pictures(files_in(form)),
                return_days=form.cleaned_data["return_days"],
                in_force_since=form.cleaned_data["in_force_since"],
                by=request.user,
            ),
        )
        if rules is not None:
            messages.success(request, f"已收下管理办法第{rules.version}版。")
            return redirect(rules)
    context = {"enterprise": enterprise, "form": form}
    return render(request, "cards/duty/rules_upload.html", context, status=status_of(form))


@roles(*READERS)
def rules(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _rules(request, pk)
    return render(
        request,
        "cards/duty/rules.html",
        {
            "rules": found,
            "articles": found.text.splitlines(),
            "pages": found.pages.current().select_related("file"),
            "versions": found.enterprise.management_rules.all()[:20],
        },
    )


@roles(*READERS)
@heavy("GET")
def rules_pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _rules(request, pk)
    if found.way != ManagementRules.Way.TEMPLATE:
        messages.error(request, "这一版是上传的文件，请打开各页查看。")
        return redirect(found)
    record("duty.print", found, by=request.user)
    return printed(
        request, lambda: render_rules(found), name=str(found), back=found.get_absolute_url()
    )


@roles(*READERS)
def rules_page(request: SignedInRequest, pk: int) -> HttpResponse:
    seen = ManagementRules.objects.visible_to(request.user)
    pages = RulesPage.objects.filter(rules__in=seen).select_related("file", "rules__enterprise")
    page = get_object_or_404(pages, pk=pk)
    return show_page(request, page, page.rules, f"用卡管理办法 第{page.position}页")


def _rules(request: SignedInRequest, pk: int) -> ManagementRules:
    seen = ManagementRules.objects.visible_to(request.user).select_related(
        "enterprise", "created_by"
    )
    return get_object_or_404(seen, pk=pk)
