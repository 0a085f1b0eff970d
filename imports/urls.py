"""Addresses of imports."""

from django.urls import path

from imports import views

app_name = "imports"
urlpatterns = [
    path("<slug:code>/", views.of_kind, name="of_kind"),
    path("<slug:code>/template.xlsx", views.template, name="template"),
    path("batches/<int:pk>/", views.batch, name="batch"),
    path("batches/<int:pk>/columns/", views.columns, name="columns"),
    path("batches/<int:pk>/answers/", views.answers, name="answers"),
    path("batches/<int:pk>/write/", views.write, name="write"),
    path("batches/<int:pk>/undo/", views.undo, name="undo"),
    path("batches/<int:pk>/drop/", views.drop, name="drop"),
    path("batches/<int:pk>/problems.xlsx", views.problems, name="problems"),
]
