"""Pages that anybody reads: the home page, the guide, articles, the search, and large type."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.destinations import is_ours
from accounts.models import User
from core.downloads import disposition
from core.paging import page_of
from core.reading import line_of_text
from letters.templates import DOCX
from outreach.guide.contents import contents
from outreach.guide.downloads import BY_CODE as PAPERS
from outreach.guide.downloads import file_of
from outreach.guide.pages import BY_CODE, PAGES
from outreach.guide.search import LEAST, search, words_of
from outreach.guide.stays import stays
from outreach.models import Article, Briefing, Question
from outreach.wording import StationWords

LARGE_TYPE = "large-type"
# As long as browsers keep a cookie.
FOR_A_YEAR = 365 * 24 * 3600
SHOWN_ARTICLES, SHOWN_QUESTIONS, SHOWN_BRIEFINGS = 5, 6, 3


def home(request: HttpRequest) -> HttpResponse:
    """What a stranger sees first; the room's neighbours lead to it (wanzhou_abtc.front)."""
    words = StationWords()
    today = timezone.localdate()
    articles = Article.objects.on_show(today).newest_first().defer("body", "shown_body")
    context = {
        "pages": PAGES,
        "stays": stays(words),
        "articles": articles[:SHOWN_ARTICLES],
        "questions": Question.objects.on_show().defer("answer")[:SHOWN_QUESTIONS],
        "briefings": _coming(),
    }
    return render(request, "outreach/guide/home.html", context)


def _coming() -> list[Briefing]:
    return list(Briefing.objects.public().coming(timezone.now())[:SHOWN_BRIEFINGS])


@login_not_required
def guide_page(request: HttpRequest, code: str) -> HttpResponse:
    """One page of the guide."""
    page = BY_CODE[code]
    context = {"page": page, "pages": PAGES, **contents(code, StationWords())}
    return render(request, "outreach/guide/page.html", context)


@login_not_required
def paper(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """A sheet to be filled in by hand, as PDF or as Word file."""
    if code not in PAPERS:
        raise Http404
    media_type = DOCX if ending == "docx" else "application/pdf"
    response = HttpResponse(file_of(code, ending), content_type=media_type)
    response.headers["Content-Disposition"] = disposition(f"{PAPERS[code].name}.{ending}")
    return response


@login_not_required
def search_page(request: HttpRequest) -> HttpResponse:
    query = line_of_text(request.GET.get("q"))[:60]
    context = {
        "query": query,
        "found": search(query),
        "is_too_short": bool(query) and not words_of(query),
        "least": LEAST,
    }
    return render(request, "outreach/guide/search.html", context)


@login_not_required
def news(request: HttpRequest) -> HttpResponse:
    rows = Article.objects.on_show(timezone.localdate()).newest_first()
    page = page_of(rows.defer("body", "shown_body"), request, unit="篇")
    context = {"page": page, "briefings": [] if page.has_previous else _coming()}
    return render(request, "outreach/guide/news.html", context)


@login_not_required
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """An article as published; an agent who was told of it confirms that he has read it."""
    found = get_object_or_404(Article.objects.on_show(timezone.localdate()), pk=pk)
    reading = None
    if isinstance(request.user, User) and request.user.is_agent:
        reading = found.readings.filter(enterprise__agents__user=request.user).first()
    context = {"article": found, "reading": reading}
    return render(request, "outreach/guide/article.html", context)


# It only keeps how large one likes to read; nobody is harmed by sending it for another.
@csrf_exempt
@login_not_required
@require_POST
def large_type(request: HttpRequest) -> HttpResponse:
    """Switch to large type in one column, or back, and return to the page one came from."""
    sent_from = request.headers.get("Referer", "")
    response = redirect(sent_from if is_ours(request, sent_from) else reverse("home"))
    if request.COOKIES.get(LARGE_TYPE):
        response.delete_cookie(LARGE_TYPE)
    else:
        response.set_cookie(
            LARGE_TYPE, "1", max_age=FOR_A_YEAR, secure=request.is_secure(), samesite="Lax"
        )
    return response
