"""Addresses of the enterprise's duty, for `cards.urls`."""

from django.urls import path

from cards.duty.views import breaches, confirmation, people, register, reports, rules, texts

duty_urls = [
    path("enterprises/<int:pk>/rules/new/", rules.rules_new, name="rules_new"),
    path("enterprises/<int:pk>/rules/upload/", rules.rules_upload, name="rules_upload"),
    path("rules/<int:pk>/", rules.rules, name="rules"),
    path("rules/<int:pk>/rules.pdf", rules.rules_pdf, name="rules_pdf"),
    path("rules/pages/<int:pk>/", rules.rules_page, name="rules_page"),
    path("enterprises/<int:pk>/keepers/new/", people.keeper_new, name="keeper_new"),
    path("keepers/<int:pk>/end/", people.keeper_end, name="keeper_end"),
    path("enterprises/<int:pk>/letters/new/", people.letter_new, name="collection_letter_new"),
    path("letters/<int:pk>/", people.letter, name="collection_letter"),
    path("letters/<int:pk>/letter.pdf", people.letter_pdf, name="collection_letter_pdf"),
    path("enterprises/<int:pk>/register/", register.register, name="register"),
    path("cards/<int:pk>/lend/", register.lend, name="lend"),
    path("cards/<int:pk>/return/", register.lending_return, name="lending_return"),
    path("lendings/<int:pk>/", register.lending, name="lending"),
    path("lendings/<int:pk>/confirm/", register.lending_confirm, name="lending_confirm"),
    path("lendings/<int:pk>/link/", register.lending_link, name="lending_link"),
    path("hand/<str:token>/", confirmation.hand_confirm, name="hand_confirm"),
    path("reports/missing/", reports.missing_reports, name="missing_reports"),
    path("reports/missing/reveal/", reports.missing_reveal, name="missing_reveal"),
    path("reports/missing/remind/", reports.missing_remind, name="missing_remind"),
    path("reports/<int:pk>/", reports.period_report, name="period_report"),
    path("reports/<int:pk>/fill/", reports.report_fill, name="report_fill"),
    path("reports/<int:pk>/send/", reports.report_send, name="report_send"),
    path("reports/<int:pk>/again/", reports.report_again, name="report_again"),
    path("reports/<int:pk>/report.pdf", reports.report_pdf, name="report_pdf"),
    path("breaches/", breaches.breach_list, name="breach_list"),
    path("enterprises/<int:pk>/breaches/new/", breaches.breach_new, name="breach_new"),
    path("breaches/<int:pk>/", breaches.breach, name="breach"),
    path("breaches/<int:pk>/state/", breaches.breach_state, name="breach_state"),
    path("breaches/<int:pk>/measures/", breaches.measure_new, name="measure_new"),
    path("breaches/<int:pk>/close/", breaches.breach_close, name="breach_close"),
    path("breaches/pages/<int:pk>/", breaches.breach_page, name="breach_page"),
    path("measures/<int:pk>/review/", breaches.measure_review, name="measure_review"),
    path("measures/<int:pk>/lift/", breaches.measure_lift, name="measure_lift"),
    path("texts/", texts.text_list, name="text_list"),
    path("texts/<slug:code>/", texts.text_edit, name="text_edit"),
]
