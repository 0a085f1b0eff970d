"""Addresses of the filing."""

from django.urls import path

from cards.filing.views import national

filing_urls = [
    path("applications/<int:pk>/national/", national.national, name="national"),
    path(
        "applications/<int:pk>/national/reveal/",
        national.national_reveal,
        name="national_reveal",
    ),
    path("applications/<int:pk>/package.zip", national.package, name="package"),
]
