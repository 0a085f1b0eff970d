"""What an enterprise prints and stamps, as PDF: its rules, the letter of who collects, a report."""

from django.conf import settings

from cards.duty.rules import letter_words
from cards.models import CollectionLetter, ManagementRules, PeriodReport
from core.typesetting import lay_out, rendering, write


def render_rules(rules: ManagementRules) -> bytes:
    """Raises core.typesetting.RenderingFailed."""
    context = {"rules": rules, "articles": rules.text.splitlines()}
    return _render("cards/duty/pdf/rules.html", context, "letter.css")


def render_letter(letter: CollectionLetter) -> bytes:
    """Raises core.typesetting.RenderingFailed."""
    context = {"letter": letter, "paragraphs": letter_words(letter).splitlines()}
    return _render("cards/duty/pdf/letter.html", context, "letter.css")


def render_report(report: PeriodReport) -> bytes:
    """Raises core.typesetting.RenderingFailed."""
    return _render("cards/duty/pdf/report.html", {"report": report}, "letter.css", "sheet.css")


def _render(template: str, context: dict[str, object], *styles: str) -> bytes:
    given = {"station_name": settings.STATION_NAME, "hotline": settings.HOTLINE, **context}
    with rendering:
        return write(lay_out(template, given, *styles), tagged=True)
