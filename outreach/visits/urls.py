"""Addresses of company visits."""

from django.urls import path, re_path

from outreach.visits import views

HERE = "outreach/visits/<int:pk>/"

urlpatterns = [
    path("outreach/visits/", views.visit_list, name="visit_list"),
    path("outreach/visits/plan/", views.visit_plan, name="visit_plan"),
    path("outreach/demands/<int:pk>/visit/", views.demand_visit, name="demand_visit"),
    re_path(
        r"^outreach/visits/(?P<day>20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))/$",
        views.visit_day,
        name="visit_day",
    ),
    path(HERE, views.visit, name="visit"),
    path(f"{HERE}note/", views.visit_note, name="visit_note"),
    path(f"{HERE}pictures/", views.visit_pictures, name="visit_pictures"),
    path(f"{HERE}rearrange/", views.visit_rearrange, name="visit_rearrange"),
    path(f"{HERE}drop/", views.visit_drop, name="visit_drop"),
    path(f"{HERE}tasks/", views.visit_task, name="visit_task"),
    path("outreach/visit-tasks/<int:pk>/close/", views.visit_task_close, name="visit_task_close"),
    path("outreach/visit-pictures/<int:pk>/", views.visit_picture, name="visit_picture"),
    path("outreach/visit-pictures/<int:pk>/small/", views.visit_thumbnail, name="visit_thumbnail"),
]
