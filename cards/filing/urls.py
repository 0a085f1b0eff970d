"""Addresses of the filing."""

from django.urls import path

from cards.filing.views import board, early_print, filing, filings, message, national

CASE = "applications/<int:pk>"
filing_urls = [
    path(f"{CASE}/national/", national.national, name="national"),
    path(f"{CASE}/national/reveal/", national.national_reveal, name="national_reveal"),
    path(f"{CASE}/package.zip", national.package, name="package"),
    path("filings/", filings.filings, name="filings"),
    path("message/", message.message, name="message"),
    path(f"{CASE}/filing/", filing.filing, name="filing"),
    path(f"{CASE}/filing/enter/<slug:step>/", filing.enter, name="filing_enter"),
    path(f"{CASE}/filing/take-back/", filing.entry_take_back, name="filing_take_back"),
    path(f"{CASE}/filing/pages/<int:page_pk>/", filing.filing_page, name="filing_page"),
    path(f"{CASE}/filing/economies/", board.board, name="board"),
    path(f"{CASE}/filing/message/", message.message, name="case_message"),
    path(f"{CASE}/filing/early-print/", early_print.early_print, name="early_print"),
]
