"""Addresses of the portal, room by room."""

from django.urls import include, path

from reports import views as reports
from reports.case.views import case, case_reveal
from reports.dossier.views import dossier, dossier_zip
from reports.finding.views import find
from rights.views.register import privacy
from wanzhou_abtc import demo_mailbox, front

handler500 = "wanzhou_abtc.error_pages.failed"
urlpatterns = [
    path("", front.home, name="home"),
    path("privacy/", privacy, name="privacy"),
    path("archive/", reports.archive, name="archive"),
    path("archive/everything.zip", reports.archive_zip, name="archive_zip"),
    path("reports/department-times/", reports.department_times_page, name="department_times"),
    path("reports/department-times.csv", reports.department_times_csv, name="department_times_csv"),
    path("reports/return-reasons/", reports.reason_counts, name="reason_counts"),
    path("reports/return-reasons.csv", reports.reason_counts_csv, name="reason_counts_csv"),
    path("reports/stage/", include("reports.stage.urls")),
    path("reports/exports/", include("reports.exports.urls")),
    path("reports/packages/", include("reports.archiving.urls")),
    path("find/", find, name="find"),
    path("cases/<int:pk>/", case, name="case"),
    path("cases/<int:pk>/reveal/", case_reveal, name="case_reveal"),
    path("enterprises/<int:pk>/dossier/", dossier, name="dossier"),
    path("enterprises/<int:pk>/dossier.zip", dossier_zip, name="dossier_zip"),
    path("healthz", reports.alive, name="alive"),
    path("readyz", reports.ready, name="ready"),
    path("health/", reports.health, name="health"),
    path("demo/mailbox/", demo_mailbox.show, name="demo_mailbox"),
    path("accounts/", include("accounts.urls")),
    path("parameters/", include("parameters.urls")),
    path("workdays/", include("workdays.urls")),
    path("notices/", include("notices.urls")),
    path("imports/", include("imports.urls")),
    path("enterprises/", include("enterprises.urls")),
    path("ledger/", include("enterprises.ledger.urls")),
    path("applications/", include("applications.urls")),
    path("reviews/certificates/", include("reviews.signatures.urls")),
    path("", include("reviews.urls")),
    path("cards/", include("cards.urls")),
    path("letters/", include("letters.urls")),
    path("rights/", include("rights.urls")),
    path("", include("outreach.urls")),
]
