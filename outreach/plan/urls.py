"""Addresses of the plan's work."""

from django.urls import path

from outreach.plan import views

urlpatterns = [
    path("outreach/plan/", views.plan, name="plan"),
    path("outreach/plan/phases/<int:pk>/", views.plan_phase, name="plan_phase"),
    path("outreach/plan/tasks/new/", views.plan_task_new, name="plan_task_new"),
    path("outreach/plan/tasks/<int:pk>/", views.plan_task, name="plan_task"),
    path("outreach/plan/meetings/", views.plan_meetings, name="plan_meetings"),
    path("outreach/plan/meetings/new/", views.plan_meeting_new, name="plan_meeting_new"),
    path("outreach/plan/meetings/<int:pk>/", views.plan_meeting, name="plan_meeting"),
    path(
        "outreach/plan/meetings/<int:pk>/change/",
        views.plan_meeting_change,
        name="plan_meeting_change",
    ),
    path("outreach/plan/talks/", views.plan_talks, name="plan_talks"),
    path("outreach/plan/talks/new/", views.plan_talk_new, name="plan_talk_new"),
    path("outreach/plan/talks/<int:pk>/", views.plan_talk, name="plan_talk"),
    path("outreach/plan/talks/<int:pk>/change/", views.plan_talk_change, name="plan_talk_change"),
    path(
        "outreach/plan/talks/<int:pk>/article/", views.plan_talk_article, name="plan_talk_article"
    ),
]
