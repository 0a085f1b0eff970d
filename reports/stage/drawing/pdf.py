"""A report as PDF: A4 with the station, the day and page numbers."""

from django.conf import settings

from core.typesetting import lay_out, rendering, write
from reports.models import StageReport
from reports.stage.content import ReportContent
from reports.stage.narrative import closing
from reports.stage.periods import Period


def draw(report: StageReport, period: Period, content: ReportContent) -> bytes:
    """Raises RenderingFailed where a character has no glyph in this machine's fonts."""
    context = {
        "title": f"{period.words}工作报告",
        "station_name": settings.STATION_NAME,
        "counted_at": report.counted_at,
        "content": content,
        "sections": [(one, report.words.get(one.code, "")) for one in content.sections],
        "closing": closing(report.words),
    }
    with rendering:
        document = lay_out("reports/stage/pdf/report.html", context, "letter.css", "report.css")
        return write(document, tagged=True)
