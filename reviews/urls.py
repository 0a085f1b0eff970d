"""Addresses of the review."""

from django.urls import path

from reviews.views import (
    assignments,
    calendar_feed,
    chasing,
    circulate_batch,
    opinions,
    paper_answers,
    phrases,
    seals,
    signing,
    supplements,
    table_files,
    tables,
    time_detail,
    verify,
    wet_scans,
)

app_name = "reviews"
urlpatterns = [
    path("reviews/tables/", tables.table_list, name="table_list"),
    path(
        "reviews/departments/<slug:code>/chase/", chasing.chase_department, name="chase_department"
    ),
    path("reviews/tables/<int:pk>/", tables.table_detail, name="table_detail"),
    path("reviews/tables/<int:pk>/time/", time_detail.table_time, name="table_time"),
    path("reviews/tables/<int:pk>/chase/", chasing.chase, name="chase"),
    path("reviews/tables/<int:pk>/table.pdf", table_files.table_pdf, name="table_pdf"),
    path("reviews/tables/<int:pk>/table-<int:page>.jpg", table_files.table_jpg, name="table_jpg"),
    path(
        "reviews/tables/<int:pk>/table-v<int:sequence>.pdf",
        table_files.revision_pdf,
        name="revision_pdf",
    ),
    path("reviews/tables/<int:pk>/table.jpg", table_files.table_preview, name="table_preview"),
    path("reviews/tables/<int:pk>/scan/", wet_scans.wet_scan, name="wet_scan"),
    path(
        "reviews/tables/<int:pk>/scan/confirm/",
        wet_scans.wet_scan_confirm,
        name="wet_scan_confirm",
    ),
    path("reviews/tables/<int:pk>/scan/remove/", wet_scans.wet_scan_remove, name="wet_scan_remove"),
    path(
        "reviews/tables/<int:pk>/scan/restore/",
        wet_scans.wet_scan_restore,
        name="wet_scan_restore",
    ),
    path(
        "reviews/tables/<int:pk>/scan/<int:page_pk>/", wet_scans.wet_scan_page, name="wet_scan_page"
    ),
    path("reviews/tables/<int:pk>/recall/", tables.recall, name="recall"),
    path("reviews/tables/<int:pk>/supplement/ask/", tables.supplement_ask, name="supplement_ask"),
    path(
        "reviews/tables/<int:pk>/supplement/cancel/",
        supplements.supplement_cancel,
        name="supplement_cancel",
    ),
    path("reviews/applications/<int:pk>/", tables.of_application, name="of_application"),
    path(
        "reviews/applications/<int:pk>/table.jpg",
        table_files.jpg_of_application,
        name="jpg_of_application",
    ),
    path(
        "reviews/applications/<int:pk>/table.pdf",
        table_files.pdf_of_application,
        name="pdf_of_application",
    ),
    path("reviews/applications/<int:pk>/circulate/", tables.circulate, name="circulate"),
    path(
        "reviews/applications/<int:pk>/circulate/confirm/",
        tables.circulate_confirm,
        name="circulate_confirm",
    ),
    path("reviews/applications/<int:pk>/supplement/", tables.supplement, name="supplement"),
    path("reviews/applications/<int:pk>/withdraw/", tables.withdraw, name="withdraw"),
    path("reviews/opinions/<int:pk>/", opinions.opinion_edit, name="opinion_edit"),
    path("reviews/opinions/<int:pk>/autosave/", opinions.opinion_autosave, name="opinion_autosave"),
    path("reviews/opinions/<int:pk>/reveal/", opinions.opinion_reveal, name="opinion_reveal"),
    path("reviews/opinions/<int:pk>/repeat/", opinions.opinion_repeat, name="opinion_repeat"),
    path("reviews/opinions/<int:pk>/sign/", signing.opinion_sign, name="opinion_sign"),
    path("reviews/opinions/<int:pk>/paper/", paper_answers.opinion_paper, name="opinion_paper"),
    path("reviews/opinions/<int:pk>/cell.png", signing.opinion_preview, name="opinion_preview"),
    path("reviews/opinions/<int:pk>/signed.png", signing.opinion_signed, name="opinion_signed"),
    path("reviews/enterprises/<int:pk>/sign/", signing.opinion_batch, name="opinion_batch"),
    path(
        "reviews/opinions/<int:pk>/supplement/",
        opinions.opinion_supplement,
        name="opinion_supplement",
    ),
    path(
        "reviews/opinions/<int:pk>/materials/<int:number>/<int:page_pk>/",
        opinions.opinion_page,
        name="opinion_page",
    ),
    path(
        "reviews/enterprises/<int:pk>/circulate/",
        circulate_batch.circulate_batch,
        name="circulate_batch",
    ),
    path(
        "reviews/opinions/<int:pk>/transfer/",
        assignments.opinion_transfer,
        name="opinion_transfer",
    ),
    path("reviews/certificates/<slug:owner>/seal/", seals.seal_register, name="seal_register"),
    path("reviews/certificates/<slug:owner>/seal/remove/", seals.seal_remove, name="seal_remove"),
    path("reviews/directory/", assignments.directory, name="directory"),
    path("reviews/leave/", assignments.leave_list, name="leave_list"),
    path("reviews/leave/of/<int:pk>/new/", assignments.leave_new, name="leave_new"),
    path("reviews/leave/<int:pk>/cancel/", assignments.leave_cancel, name="leave_cancel"),
    path("reviews/phrases/", phrases.phrase_list, name="phrase_list"),
    path("reviews/phrases/new/", phrases.phrase_new, name="phrase_new"),
    path("reviews/phrases/<int:pk>/edit/", phrases.phrase_edit, name="phrase_edit"),
    path("reviews/calendar/feed/", calendar_feed.feed_page, name="feed_page"),
    path("reviews/calendar/feed/give/", calendar_feed.feed_give, name="feed_give"),
    path("reviews/calendar/feed/revoke/", calendar_feed.feed_revoke, name="feed_revoke"),
    path("calendar/<str:token>.ics", calendar_feed.calendar_ics, name="calendar_ics"),
    path("verify/", verify.verify, name="verify"),
    path("verify/viewers/", verify.viewers, name="verify_viewers"),
    path("verify/viewers/<int:pk>.cer", verify.root_certificate, name="root_certificate"),
    path("verify/<str:code>/", verify.verify_code, name="verify_code"),
]
