"""Addresses of the portal, room by room."""

from django.urls import include, path

from reports import views as reports

urlpatterns = [
    path("", reports.home, name="home"),
    path("privacy/", reports.privacy, name="privacy"),
    path("healthz", reports.alive, name="alive"),
    path("readyz", reports.ready, name="ready"),
    path("accounts/", include("accounts.urls")),
    path("notices/", include("notices.urls")),
    path("enterprises/", include("enterprises.urls")),
    path("applications/", include("applications.urls")),
    path("", include("reviews.urls")),
]
