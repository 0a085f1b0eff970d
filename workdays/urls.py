"""Addresses of the working calendar."""

from django.urls import path

from workdays import views

app_name = "workdays"
urlpatterns = [
    path("calendar/", views.calendar, name="calendar"),
    path(
        "calendar/template/<int:year>/",
        views.calendar_template,
        name="calendar_template",
    ),
    path("calendar/import/", views.calendar_import, name="calendar_import"),
    path("calendar/closures/", views.calendar_close, name="calendar_close"),
    path(
        "calendar/closures/<int:pk>/remove/",
        views.calendar_reopen,
        name="calendar_reopen",
    ),
]
