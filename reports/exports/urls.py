"""Addresses of exports."""

from django.urls import path

from reports.exports import views

app_name = "exports"
urlpatterns = [
    path("", views.export_list, name="export_list"),
    path("<slug:code>/", views.export, name="export"),
]
