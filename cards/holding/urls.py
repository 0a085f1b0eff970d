"""Addresses of cards, for `cards.urls`."""

from django.urls import path

from cards.holding.views import cards, entry, links, radar

holding_urls = [
    path("", cards.card_list, name="list"),
    path("radar/", radar.radar, name="radar"),
    path("new/", entry.choose, name="card_new"),
    path("new/application/<int:pk>/", entry.of_application, name="card_of_application"),
    path("new/applicant/<int:pk>/", entry.of_applicant, name="card_of_applicant"),
    path("holder/<str:token>/", links.holder, name="holder"),
    path("<int:pk>/", cards.card, name="card"),
    path("<int:pk>/reveal/", cards.reveal, name="card_reveal"),
    path("<int:pk>/correct/", cards.correct, name="card_correct"),
    path("<int:pk>/picture/", cards.picture_upload, name="card_picture_upload"),
    path("<int:pk>/picture/<int:page_pk>/", cards.picture, name="card_picture"),
    path("<int:pk>/settle/", radar.settle, name="card_settle"),
    path("<int:pk>/holder/", links.holder_preview, name="holder_preview"),
    path("<int:pk>/link/", links.link_give, name="holder_link_give"),
    path("<int:pk>/link/revoke/", links.link_revoke, name="holder_link_revoke"),
]
