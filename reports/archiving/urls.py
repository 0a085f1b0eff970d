"""Addresses of archive packages of a year."""

from django.urls import path

from reports.archiving import views

app_name = "archiving"
urlpatterns = [
    path("", views.year_list, name="year_list"),
    path("<int:pk>/", views.year, name="year"),
    path("<int:pk>/packages.zip", views.year_zip, name="year_zip"),
    path("cases/<int:pk>/", views.case_archive, name="case"),
    path("cases/<int:pk>/package.zip", views.case_archive_zip, name="case_zip"),
]
