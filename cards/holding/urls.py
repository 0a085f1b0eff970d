"""Addresses of cards, for `cards.urls`."""

from django.urls import path

from cards.holding.views import cards

holding_urls = [
    path("cards/<int:pk>/", cards.card, name="card"),
]
