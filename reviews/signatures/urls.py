"""Addresses of the certificates' pages."""

from django.urls import path

from reviews.signatures import views

app_name = "signatures"
urlpatterns = [
    path("", views.certificate_list, name="certificate_list"),
    path("<slug:owner>/issue/", views.certificate_issue, name="certificate_issue"),
    path("<int:pk>/revoke/", views.certificate_revoke, name="certificate_revoke"),
]
