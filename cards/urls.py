"""Addresses of what follows the review table."""

from django.urls import path

from cards import views

app_name = "cards"
urlpatterns = [
    path("applications/<int:pk>/national/", views.national, name="national"),
    path(
        "applications/<int:pk>/national/reveal/",
        views.national_reveal,
        name="national_reveal",
    ),
    path("applications/<int:pk>/package.zip", views.package, name="package"),
]
