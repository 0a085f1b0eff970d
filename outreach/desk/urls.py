"""Addresses of the desk."""

from django.urls import path

from outreach.desk import views

urlpatterns = [
    path("call-back/", views.call_back_ask, name="call_back_ask"),
    path("ask/", views.ask, name="ask"),
    path("ask/<slug:token>/", views.answer, name="answer"),
    path("outreach/", views.desk, name="desk"),
    path("outreach/call-backs/", views.call_back_list, name="call_back_list"),
    path("outreach/call-backs/<int:pk>/", views.call_back, name="call_back"),
    path("outreach/call-backs/<int:pk>/reveal/", views.call_back_reveal, name="call_back_reveal"),
    path("outreach/consultations/", views.consultation_list, name="consultation_list"),
    path("outreach/consultations/<int:pk>/", views.consultation, name="consultation"),
    path(
        "outreach/consultations/<int:pk>/reveal/",
        views.consultation_reveal,
        name="consultation_reveal",
    ),
]
