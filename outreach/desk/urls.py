"""Addresses of the desk."""

from django.urls import path

from outreach.desk import following, screen, views

urlpatterns = [
    path("call-back/", views.call_back_ask, name="call_back_ask"),
    path("ask/", views.ask, name="ask"),
    path("ask/<slug:token>/", views.answer, name="answer"),
    path("outreach/", views.desk, name="desk"),
    path("outreach/desk/new/", screen.desk_new, name="desk_new"),
    path("outreach/desk/look-up/", screen.desk_look_up, name="desk_look_up"),
    path("outreach/desk/answers/", screen.desk_answers, name="desk_answers"),
    path("outreach/topics/", following.topic_list, name="topic_list"),
    path("outreach/topics/new/", following.topic_new, name="topic_new"),
    path("outreach/topics/<int:pk>/", following.topic_change, name="topic_change"),
    path("outreach/handings/", following.handing_list, name="handing_list"),
    path("outreach/handings/<int:pk>/", following.handing, name="handing"),
    path("outreach/call-backs/", views.call_back_list, name="call_back_list"),
    path("outreach/call-backs/<int:pk>/", views.call_back, name="call_back"),
    path("outreach/call-backs/<int:pk>/reveal/", views.call_back_reveal, name="call_back_reveal"),
    path("outreach/consultations/", views.consultation_list, name="consultation_list"),
    path(
        "outreach/consultations/figures/",
        following.consultation_figures,
        name="consultation_figures",
    ),
    path(
        "outreach/consultations/<int:pk>/sort/",
        following.consultation_sort,
        name="consultation_sort",
    ),
    path(
        "outreach/consultations/<int:pk>/hand/",
        following.consultation_hand,
        name="consultation_hand",
    ),
    path(
        "outreach/consultations/<int:pk>/draft/",
        following.consultation_draft,
        name="consultation_draft",
    ),
    path("outreach/consultations/<int:pk>/", views.consultation, name="consultation"),
    path(
        "outreach/consultations/<int:pk>/reveal/",
        views.consultation_reveal,
        name="consultation_reveal",
    ),
]
