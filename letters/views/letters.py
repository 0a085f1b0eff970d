"""One letter: edited beside how it reads, taken as Word file or PDF, deleted."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.versions import Overtaken
from letters.catalogue import KINDS
from letters.content import Showing
from letters.forms import LetterForm
from letters.kind import Writer
from letters.models import LetterTemplate, WrittenLetter
from letters.printing import docx_of, pdf_of
from letters.receipts import receipt_of
from letters.services import LetterRefused, content_of, delete_letter, save_letter
from letters.views.common import (
    READERS,
    UNPROCESSABLE,
    WRITERS,
    application_of,
    letter_of,
    sent_file,
)
from materials.catalogue import get


@roles(*READERS)
def letter(request: SignedInRequest, pk: int) -> HttpResponse:
    """The form, and how the letter reads now; numbers are masked here and whole on paper."""
    found = letter_of(request, pk)
    if not _may_write(request, found):
        return _show(request, found, None)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid() and _save(form, found, request):
        messages.success(request, "已保存。")
        return redirect(found)
    return _show(request, letter_of(request, pk), form)


def _form(request: SignedInRequest, found: WrittenLetter) -> LetterForm:
    template = LetterTemplate.objects.newest(found.code)
    return LetterForm(
        request.POST if request.method == "POST" else None,
        letter=found,
        kind=KINDS[found.code],
        with_text=template is None or template.has_whole_text,
    )


def _save(form: LetterForm, found: WrittenLetter, request: SignedInRequest) -> bool:
    seen = form.cleaned_data["seen_version"]
    found.version = found.version if seen is None else seen
    try:
        save_letter(found, draft=form.draft, by=request.user)
    except LetterRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    except Overtaken:
        form.tell_overtaken(letter_of(request, found.pk))
    return not form.errors


def _show(request: SignedInRequest, found: WrittenLetter, form: LetterForm | None) -> HttpResponse:
    kind = KINDS[found.code]
    context = {
        "letter": found,
        "kind": kind,
        "material": get(kind.material) if kind.material else None,
        "content": content_of(found, Showing.MASKED),
        "form": form,
        "places": [f"{{{one.name}}}" for one in (*kind.all_fields, *kind.all_person_fields)],
    }
    status = UNPROCESSABLE if form is not None and form.errors else 200
    return render(request, "letters/letter.html", context, status=status)


def _may_write(request: SignedInRequest, found: WrittenLetter) -> bool:
    """What the station writes, an enterprise only reads."""
    user, kind = request.user, KINDS[found.code]
    if user.is_agent:
        return kind.writer == Writer.ENTERPRISE
    return bool(user.role == Role.STATION_OFFICER)


@roles(*READERS)
@heavy("GET")
def letter_file(request: SignedInRequest, pk: int, ending: str) -> HttpResponse:
    """With whole numbers, to be stamped; the audit trail says who took it."""
    found = letter_of(request, pk)
    make = docx_of if ending == "docx" else pdf_of
    name = f"{found.get_code_display()} {found.names_words or found.enterprise.name}"
    answer = sent_file(
        request,
        lambda: make(content_of(found, Showing.WHOLE)),
        name=name,
        ending=ending,
        back=found.get_absolute_url(),
    )
    if answer.status_code == 200:
        after = {"letter": found.get_code_display(), "format": ending}
        record("written_letter.download", found, by=request.user, after=after)
    return answer


@roles(*WRITERS)
@require_POST
def letter_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    found = letter_of(request, pk)
    enterprise, application = found.enterprise_id, found.application_id
    if not _may_write(request, found):
        messages.error(request, "服务站写的，由服务站删除。")
        return redirect(found)
    delete_letter(found, by=request.user)
    messages.success(request, "已删除这份草稿。")
    if application is not None:
        return redirect("letters:of_application", application)
    return redirect("letters:of_enterprise", enterprise)


@roles(*READERS)
@heavy("GET")
def receipt_file(request: SignedInRequest, pk: int, ending: str) -> HttpResponse:
    """The receipt of a case that was submitted, for both sides."""
    application = application_of(request, pk)
    content = receipt_of(application)
    if content is None:
        messages.error(request, "还没有提交，没有受理回执。")
        return redirect(application)
    make = docx_of if ending == "docx" else pdf_of
    answer = sent_file(
        request,
        lambda: make(content),
        name=f"受理回执 {application.reference}",
        ending=ending,
        back=application.get_absolute_url(),
    )
    if answer.status_code == 200:
        record("written_letter.receipt", application, by=request.user, after={"format": ending})
    return answer
