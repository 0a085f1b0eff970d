"""Addresses of the stage report."""

from django.urls import path, register_converter

from reports.stage import views
from reports.stage.views import DRAWN, YEARLY


class FormConverter:
    """How a report leaves: pdf, docx or xlsx."""

    regex = "|".join(DRAWN)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class YearlyConverter(FormConverter):
    regex = "|".join(YEARLY)


register_converter(FormConverter, "report_form")
register_converter(YearlyConverter, "yearly_form")

app_name = "stage"
urlpatterns = [
    path("", views.report_list, name="report_list"),
    path("<int:pk>/", views.report, name="report"),
    path("<int:pk>/words/", views.words, name="words"),
    path("<int:pk>/report.<report_form:form>", views.download, name="download"),
    path("yearly/", views.yearly, name="yearly"),
    path("yearly.<yearly_form:form>", views.yearly_download, name="yearly_download"),
    path("cases/<str:code>/", views.cases, name="cases"),
]
