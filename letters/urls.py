"""Addresses of letters, their files and the station's templates."""

from django.urls import path, register_converter

from letters.views import letters, lists, templates


class EndingConverter:
    """How a letter leaves: as Word file or as PDF."""

    regex = "docx|pdf"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(EndingConverter, "ending")
app_name = "letters"
urlpatterns = [
    path("", lists.desk, name="desk"),
    path("enterprises/<int:pk>/", lists.of_enterprise, name="of_enterprise"),
    path(
        "enterprises/<int:pk>/<slug:code>/begin/",
        lists.begin_for_enterprise,
        name="begin_for_enterprise",
    ),
    path("applications/<int:pk>/", lists.of_application, name="of_application"),
    path(
        "applications/<int:pk>/<slug:code>/begin/",
        lists.begin_for_application,
        name="begin_for_application",
    ),
    path("applications/<int:pk>/receipt.<ending:ending>", letters.receipt_file, name="receipt"),
    path("templates/", templates.template_list, name="template_list"),
    path("templates/<slug:code>/", templates.template, name="template"),
    path("templates/<slug:code>/restore/", templates.template_restore, name="template_restore"),
    path("templates/<slug:code>/sample.pdf", templates.template_sample, name="template_sample"),
    path("templates/<slug:code>/<int:version>.docx", templates.template_file, name="template_file"),
    path("<int:pk>/", letters.letter, name="letter"),
    path("<int:pk>/delete/", letters.letter_delete, name="letter_delete"),
    path("<int:pk>/letter.<ending:ending>", letters.letter_file, name="letter_file"),
]
