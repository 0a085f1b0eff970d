"""The station's Word templates: what each holds, another in its place, back to an earlier one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.requests import SignedInRequest
from core.typesetting import RenderingFailed
from files.refusals import FileRefused
from letters.catalogue import KINDS
from letters.forms import RestoreForm, TemplateForm
from letters.kind import LetterKind
from letters.models import LetterTemplate
from letters.printing import filled, set_lines
from letters.templates import (
    TemplateOvertaken,
    replace_template,
    restore_template,
    sample_of,
    template_bytes,
)
from letters.views.common import OFFICER, UNPROCESSABLE, sent_file
from letters.word.package import MOST_BYTES
from letters.word.reading import PrintedLine, lines_of

OVERTAKEN = "您打开这一页之后，同事更换了模板，您这次的没有生效。请看过现在的模板再换。"
MOST_VERSIONS = 20
# As it is written in Word: each in a paragraph of its own, which goes when it is filled in.
LOOP = ("{%p for 人 in 申请人 %}", "{%p endfor %}")


def _kind(code: str) -> LetterKind:
    if code not in KINDS:
        raise Http404
    return KINDS[code]


@roles(*OFFICER)
def template_list(request: SignedInRequest) -> HttpResponse:
    rows: dict[str, LetterTemplate] = {}
    for row in LetterTemplate.objects.order_by("version").select_related("created_by"):
        rows[row.code] = row
    listed = [(kind, rows.get(kind.code)) for kind in KINDS.values()]
    return render(request, "letters/template_list.html", {"rows": listed})


@roles(*OFFICER)
@heavy("POST")
def template(request: SignedInRequest, code: str) -> HttpResponse:
    """What it holds now; a file that is sent is judged, and kept where nothing is wrong with it."""
    kind = _kind(code)
    newest = LetterTemplate.objects.newest(code)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = TemplateForm(*sent, initial={"seen_version": newest.version if newest else 0})
    if request.method == "POST" and form.is_valid() and _replace(request, kind, form):
        return redirect("letters:template", code)
    context = {
        "kind": kind,
        "newest": newest,
        "form": form,
        "fields": [f"{{{{ {one} }}}}" for one in kind.vocabulary.names],
        "loop": LOOP,
        "person_fields": [f"{{{{ 人.{one.name} }}}}" for one in kind.all_person_fields],
        "lines": _sample_lines(newest, kind),
        "versions": LetterTemplate.objects.filter(code=code).select_related("created_by", "file")[
            :MOST_VERSIONS
        ],
        "seen": newest.version if newest else 0,
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "letters/template.html", context, status=status)


def _sample_lines(newest: LetterTemplate | None, kind: LetterKind) -> list[PrintedLine]:
    try:
        return lines_of(filled(newest, kind, sample_of(kind)))
    except RenderingFailed as failed:
        return [PrintedLine(str(failed))]


def _replace(request: SignedInRequest, kind: LetterKind, form: TemplateForm) -> bool:
    upload = form.cleaned_data["file"]
    try:
        checked, row = replace_template(
            kind,
            upload.read(MOST_BYTES + 1),
            name=upload.name,
            seen_version=form.cleaned_data["seen_version"] or 0,
            by=request.user,
        )
    except (TemplateOvertaken, FileRefused) as refused:
        form.add_error(None, OVERTAKEN if isinstance(refused, TemplateOvertaken) else str(refused))
        return False
    for problem in checked.report.problems:
        form.add_error("file", problem.message)
    if row is not None:
        messages.success(request, f"已更换。现在用的是第{row.version}版，样稿在下面，请看一遍。")
    return row is not None


@roles(*OFFICER)
@require_POST
def template_restore(request: SignedInRequest, code: str) -> HttpResponse:
    kind, form = _kind(code), RestoreForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有说明换回哪一版，请再点一次。")
        return redirect("letters:template", code)
    version = form.cleaned_data["version"]
    if version:
        get_object_or_404(LetterTemplate, code=code, version=version)
    try:
        seen = form.cleaned_data["seen_version"] or 0
        restore_template(kind, version=version, seen_version=seen, by=request.user)
    except TemplateOvertaken:
        messages.error(request, OVERTAKEN)
    else:
        messages.success(request, "已换回。以后写的、下载的都用这一版。")
    return redirect("letters:template", code)


@roles(*OFFICER)
def template_file(request: SignedInRequest, code: str, version: int) -> HttpResponse:
    """The template itself, to be changed in Word; 0 is the portal's own."""
    kind = _kind(code)
    rows = LetterTemplate.objects.visible_to(request.user).select_related("file")
    row = get_object_or_404(rows, code=code, version=version) if version else None
    name = f"{kind.name}模板 第{version}版" if row else f"{kind.name}模板"
    back = reverse("letters:template", args=[code])
    return sent_file(
        request, lambda: template_bytes(row, kind), name=name, ending="docx", back=back
    )


@roles(*OFFICER)
@heavy("GET")
def template_sample(request: SignedInRequest, code: str) -> HttpResponse:
    """A letter about nobody, set in the template that holds now."""
    kind = _kind(code)
    newest = LetterTemplate.objects.newest(code)
    return sent_file(
        request,
        lambda: set_lines(kind.name, lines_of(filled(newest, kind, sample_of(kind)))),
        name=f"{kind.name}样稿",
        ending="pdf",
        back=reverse("letters:template", args=[code]),
    )
