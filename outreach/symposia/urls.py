"""Addresses of symposia and opinions."""

from django.urls import path

from outreach.symposia import views

HERE = "outreach/symposia/<int:pk>/"

urlpatterns = [
    path("outreach/symposia/", views.symposium_list, name="symposium_list"),
    path("outreach/symposia/new/", views.symposium_new, name="symposium_new"),
    path(HERE, views.symposium, name="symposium"),
    path(f"{HERE}edit/", views.symposium_edit, name="symposium_edit"),
    path(f"{HERE}cancel/", views.symposium_cancel, name="symposium_cancel"),
    path(f"{HERE}seat/", views.symposium_seat, name="symposium_seat"),
    path(f"{HERE}hold/", views.symposium_hold, name="symposium_hold"),
    path(f"{HERE}opinions/", views.opinion_new, name="opinion_new"),
    path(
        "outreach/participants/<int:pk>/remove/",
        views.participant_remove,
        name="participant_remove",
    ),
    path("outreach/opinions/", views.opinion_list, name="opinion_list"),
    path("outreach/opinions/<int:pk>/", views.opinion, name="opinion"),
    path("outreach/opinions/<int:pk>/told/", views.opinion_told, name="opinion_told"),
]
