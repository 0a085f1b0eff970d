"""Addresses of the services on a card, for `cards.urls`."""

from django.urls import path

from cards.renewals.views import beginning, cancellations, losses, services

renewal_urls = [
    path("<int:pk>/services/", beginning.of_card, name="services"),
    path("<int:pk>/services/<slug:kind>/", beginning.on_card, name="service_begin"),
    path("applicants/<int:pk>/services/", beginning.of_applicant, name="services_of_applicant"),
    path("applications/<int:pk>/services/", beginning.of_filing, name="filing_services"),
    path(
        "applications/<int:pk>/services/<slug:kind>/",
        beginning.on_filing,
        name="filing_service_begin",
    ),
    path("applications/<int:pk>/service/", services.service, name="service"),
    path("applications/<int:pk>/service/words/", services.words, name="service_words"),
    path("applications/<int:pk>/service/letter.pdf", services.letter_pdf, name="service_letter"),
    path("applications/<int:pk>/service/done/", services.done, name="service_done"),
    path("<int:pk>/loss/", losses.loss, name="loss"),
    path("<int:pk>/loss/after/", losses.after, name="loss_after"),
    path("<int:pk>/loss/found/", losses.found, name="loss_found"),
    path("cancellations/", cancellations.cancellation_list, name="cancellations"),
    path("cancellations/<int:pk>/", cancellations.cancellation, name="cancellation"),
    path("cancellations/<int:pk>/hand-in/", cancellations.hand_in, name="cancellation_hand_in"),
    path("cancellations/<int:pk>/excuse/", cancellations.excuse, name="cancellation_excuse"),
    path("cancellations/<int:pk>/complete/", cancellations.complete, name="cancellation_complete"),
    path("cancellations/<int:pk>/receipt.pdf", cancellations.receipt, name="receipt"),
]
