"""The page of a material and of each of its pages, whoever owns them: uploading and arranging.

An owner's addresses bring the function that finds its pages (`materials.urls.page_paths`), and
its own view shows an `OpenedMaterial`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.models import Role, User
from accounts.requests import SignedInRequest
from core.uploads import PICTURES, UploadForm
from files.encoding import with_day
from files.judging import AlreadyThere, Judgement, Refused, Take, judge_each, judge_one_page
from files.models import Page
from files.originals import Original, read_original
from files.page_orders import asked_place, asked_turn
from files.pictures import refuse_size
from files.refusals import FileRefused, readable_size
from files.serving import serve, serve_thumbnail
from files.sniffing import sniff
from materials.examples import examples_for
from materials.kind import MaterialKind
from materials.rules.validity import Standing
from materials.stack import (
    MOST_PAGES,
    RESTORABLE,
    PageRefused,
    PageStack,
    add_page,
    is_current,
    judge_page,
    move_page,
    remove_page,
    require_uploads,
    restore_page,
    turn_page,
)

# Finds the page that an address names, with the stack that it belongs to; or raises Http404.
FindPage = Callable[..., tuple[PageStack, Page]]
# Shows the material again, with a form that was not filled in and what came of each file.
Show = Callable[[UploadForm, Sequence[Judgement]], HttpResponse]
# Keeps a refused picture that can be repaired: its data, name, codes of problems, and by whom.
Offer = Callable[..., object]
# Ends an offer that was made of the last upload.
EndOffers = Callable[[], object]
# Where a session keeps which page was removed last.
REMOVED = "removed-page"


@dataclass(frozen=True)
class Link:
    url: str
    label: str


@dataclass(frozen=True, kw_only=True)
class OpenedMaterial:
    """What the page of a material shows of it.

    `locked_words` say why nothing may be changed now; `found` are codes of findings in its pages.
    """

    stack: PageStack
    pages: Sequence[Page]
    label: str
    badge: str
    back: Link
    back_words: str
    is_complete: bool
    following: Link | None = None
    locked_words: str = ""
    by_review_table: bool = False
    standing: Standing | None = None
    validity_url: str = ""
    recognised: object = None
    found: Iterable[str] = ()

    @property
    def kind(self) -> MaterialKind:
        return self.stack.kind


def show_material(
    request: SignedInRequest,
    template: str,
    material: OpenedMaterial,
    *,
    form: UploadForm | None = None,
    judgements: Sequence[Judgement] = (),
    is_wrong: bool = False,
    **more: object,
) -> HttpResponse:
    """The page of a material; `template` extends `materials/material.html` and needs `more`."""
    refused = {code for judgement in judgements for code in judgement.codes}
    form = form or upload_form(material.kind)
    closed_words = "" if material.locked_words else why_no_uploads(material.stack, request.user)
    width, height = material.kind.pixels or (0, 0)
    context = {
        "material": material,
        "form": form,
        "closed_words": closed_words,
        "judgements": judgements,
        "removed": None if material.locked_words else _removed_just_now(request, material.stack),
        "repair_script": material.kind.repair.script if material.kind.repair else "",
        # What the script that crops in the browser works to; 0: no such rule.
        "measures": {"width": width, "height": height, "below": material.kind.below_bytes or 0},
        "examples": examples_for(material.kind.number, {*material.found, *refused}),
        **more,
    }
    status = 422 if is_wrong or judgements or form.errors else 200
    return render(request, template, context, status=status)


def why_no_uploads(stack: PageStack, user: User) -> str:
    """Why no file can be taken now, whatever it is; empty where one can."""
    try:
        require_uploads(stack, by=user)
    except (PageRefused, FileRefused) as refusal:
        return str(refusal)
    return ""


def upload_form(kind: MaterialKind, *args: Any, most: int = MOST_PAGES) -> UploadForm:
    """`most` counts for materials of several pages; the others take one picture."""
    if kind.single_picture:
        size = kind.below_bytes or settings.MAX_UPLOAD_BYTES
        limit = f"小于{readable_size(size)}" if kind.below_bytes else f"不超过{readable_size(size)}"
        return UploadForm(
            *args,
            most=1,
            accept=f"{PICTURES},application/pdf",
            help_text=f"一张JPG图片，{limit}。苹果手机的HEIC照片和一页的PDF会自动转成JPG。",
        )
    return UploadForm(
        *args,
        most=most,
        accept=f"{PICTURES},application/pdf",
        help_text="jpg、png、jpeg图片；PDF和苹果手机的HEIC照片会自动转成图片。"
        f"每个不超过{readable_size(settings.MAX_UPLOAD_BYTES)}"
        + ("，可以一次选多个，按选择的次序排成页。" if most > 1 else "。"),
    )


def take_upload(
    request: HttpRequest,
    stack: PageStack,
    *,
    show: Show,
    by: User,
    offer: Offer | None = None,
    end_offers: EndOffers | None = None,
) -> HttpResponse:
    """Take the files one by one; what is refused is listed with its reason.

    Whatever was offered of the upload before ends with this one. `by` answers for the room.

    A script that sends file by file is answered in JSON: 200 where everything was taken, else 422.
    """
    form = upload_form(stack.kind, request.POST, request.FILES)
    by_script = _asks_for_json(request)
    closed_words = why_no_uploads(stack, by)
    if closed_words:
        form.add_error("files", closed_words)
    if not form.is_valid():
        if by_script:
            return JsonResponse({"problems": form.errors.get("files", [])}, status=422)
        return show(form, ())
    if end_offers is not None:
        end_offers()
    take = _take(request, stack, by=by, offer=None if by_script else offer)
    files = form.cleaned_data["files"]
    judgements = (
        [judge_one_page(files[0], take)] if stack.kind.single_picture else judge_each(files, take)
    )
    accepted = all(judgement.accepted for judgement in judgements)
    if by_script:
        told = [judgement.as_json() for judgement in judgements]
        return JsonResponse({"files": told}, status=200 if accepted else 422)
    if not accepted:
        return show(upload_form(stack.kind), judgements)
    _tell_taken(request, judgements)
    if stack.kind.single_picture:
        request.session.pop(REMOVED, None)
    return redirect(stack.address)


def _tell_taken(request: HttpRequest, judgements: Sequence[Judgement]) -> None:
    taken = sum(judgement.taken for judgement in judgements)
    if taken:
        messages.success(request, f"已收下{taken}页。")
    for judgement in judgements:
        for words in judgement.repeated:
            messages.warning(request, f"“{judgement.name}”：{words}")


def judge_upload(request: HttpRequest, stack: PageStack, *, by: User) -> HttpResponse:
    """Say what would come of an upload, and keep nothing; in JSON, as `take_upload` does."""
    form = upload_form(stack.kind, request.POST, request.FILES)
    if not form.is_valid():
        return JsonResponse({"problems": form.errors.get("files", [])}, status=422)

    def would_take(data: bytes, _name: str) -> list[str]:
        try:
            report = judge_page(stack, data, by=by)
        except PageRefused as refusal:
            raise Refused(str(refusal)) from refusal
        if report.accepted:
            return [warning.message for warning in report.warnings]
        raise Refused(*(problem.message for problem in report.problems))

    judgement = judge_one_page(form.cleaned_data["files"][0], would_take)
    return JsonResponse({"files": [judgement.as_json()]})


def _asks_for_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _take(
    request: HttpRequest,
    stack: PageStack,
    *,
    by: User,
    instead_of: Page | None = None,
    offer: Offer | None = None,
) -> Take:
    """Takes a picture as a page, or says why not. What it was repaired from comes as `original`."""

    def take(data: bytes, name: str) -> list[str]:
        original = _given_original(request, stack.kind)
        day = original.picture.taken_on if original else None
        if day and sniff(data) == "image/jpeg":
            # A canvas forgets the day that a photo's age is judged by.
            data = with_day(data, day)
        try:
            report = add_page(
                stack,
                data=data,
                name=name,
                by=by,
                instead_of=instead_of,
                original=original,
            )
        except PageRefused as refusal:
            raise Refused(str(refusal)) from refusal
        if report.repeats:
            raise AlreadyThere(report.repeats)
        if report.accepted:
            return [warning.message for warning in report.warnings]
        codes = [problem.code for problem in report.problems]
        if offer is not None:
            offer(data=data, name=name, codes=codes, by=by)
        raise Refused(*(problem.message for problem in report.problems), codes=codes)

    return take


def _given_original(request: HttpRequest, kind: MaterialKind) -> Original | None:
    """The file that was cropped or compressed in the browser, posted beside the result."""
    given = request.FILES.get("original")
    if given is None or not kind.single_picture:
        return None
    refuse_size(given.size or 0, settings.MAX_UPLOAD_BYTES)
    return read_original(given.read(), given.name or "")


@roles(Role.ENTERPRISE_AGENT)
def page_remove(request: SignedInRequest, find: FindPage, **where: int) -> HttpResponse:
    """Ask, then take the page out; the material's page offers to put it back."""
    stack, page = find(request, **where)
    try:
        stack.require_unlocked()
        if request.method != "POST" and is_current(stack, page):
            context = {"stack": stack, "page": page, "loses": stack.loses(page)}
            return render(request, "materials/page_remove.html", context)
        if request.method != "POST":
            return redirect(stack.address)
        removed = remove_page(stack, page, by=request.user)
    except PageRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(stack.address)
    if removed is not None:
        _remember_removed(request, stack, removed)
    messages.success(request, f"已删除“{page.file}”。")
    return redirect(stack.address)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def page_restore(request: SignedInRequest, find: FindPage, **where: int) -> HttpResponse:
    stack, page = find(request, **where)
    try:
        restored = restore_page(stack, page, by=request.user)
    except PageRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已放回“{page.file}”，是第{restored.position}页。")
    request.session.pop(REMOVED, None)
    return redirect(stack.address)


def _remember_removed(request: HttpRequest, stack: PageStack, page: Page) -> None:
    request.session[REMOVED] = {
        "stack": stack.address,
        "restore": f"{stack.page_address}{page.pk}/restore/",
        "name": str(page.file),
        "until": (timezone.now() + RESTORABLE).timestamp(),
    }


def _removed_just_now(request: HttpRequest, stack: PageStack) -> Mapping[str, Any] | None:
    """The page of this material that can still be put back, by its name and address."""
    removed: Mapping[str, Any] | None = request.session.get(REMOVED)
    if not removed or removed["stack"] != stack.address:
        return None
    return removed if removed["until"] > timezone.now().timestamp() else None


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def page_move(request: SignedInRequest, find: FindPage, **where: int) -> HttpResponse:
    """Put a page at the place that the button names; twice the same comes to the same."""
    (stack, page), place = find(request, **where), asked_place(request.POST)
    try:
        move_page(stack, page, place=place, by=request.user)
    except PageRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"“{page.file}”现在是第{place}页。")
    return redirect(stack.address)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
@heavy("POST")
def page_turn(request: SignedInRequest, find: FindPage, **where: int) -> HttpResponse:
    """Turn a page by a quarter; the picture as it was uploaded stays on record."""
    stack, page = find(request, **where)
    if stack.kind.pixels is not None:
        raise Http404  # of prescribed width and height: turned, it would be refused
    degrees = asked_turn(request.POST)
    try:
        report = turn_page(stack, page, degrees=degrees, by=request.user)
    except (PageRefused, FileRefused) as refusal:
        messages.error(request, str(refusal))
        return redirect(stack.address)
    if report is None or report.accepted:
        messages.success(request, f"已旋转“{page.file}”。")
    for problem in report.problems if report else ():
        messages.error(request, problem.message)
    return redirect(stack.address)


@roles(Role.ENTERPRISE_AGENT)
@heavy("POST")
def page_replace(request: SignedInRequest, find: FindPage, **where: int) -> HttpResponse:
    """Choose one picture that takes the place of this page."""
    stack, page = find(request, **where)
    form = upload_form(stack.kind, request.POST or None, request.FILES or None, most=1)
    judgements = []
    closed_words = why_no_uploads(stack, request.user)
    if closed_words and request.method == "POST":
        form.add_error("files", closed_words)
    if request.method == "POST" and form.is_valid():
        take = _take(request, stack, by=request.user, instead_of=page)
        judgement = judge_one_page(form.cleaned_data["files"][0], take)
        if judgement.taken:
            messages.success(request, f"已用“{judgement.name}”换下“{page.file}”。")
            return redirect(stack.address)
        judgements = [judgement]
    context = {"stack": stack, "page": page, "form": form, "judgements": judgements}
    status = 422 if judgements or form.errors else 200
    return render(request, "materials/page_replace.html", context, status=status)


def page_file(request: SignedInRequest, find: FindPage, **where: int) -> HttpResponseBase:
    """The picture as it was uploaded; the audit trail says who looked at it."""
    stack, page = find(request, **where)
    stack.viewed(page, by=request.user)
    return serve(page.file, name=stack.file_name(page))


def page_thumb(request: SignedInRequest, find: FindPage, **where: int) -> HttpResponse:
    _, page = find(request, **where)
    return serve_thumbnail(request, page.file)
