"""Addresses of the self-test."""

from django.urls import path

from outreach.self_test import views

urlpatterns = [
    path("self-test/", views.self_test, name="self_test"),
    path("outreach/flows/", views.flow_list, name="flow_list"),
    path("outreach/flows/begin/", views.flow_begin, name="flow_begin"),
    path("outreach/flows/<int:pk>/", views.flow_show, name="flow"),
    path("outreach/flows/<int:pk>/publish/", views.flow_publish, name="flow_publish"),
    path("outreach/flows/<int:pk>/drop/", views.flow_drop, name="flow_drop"),
    path("outreach/flows/<int:pk>/preview/", views.flow_preview, name="flow_preview"),
    path("outreach/flows/<int:pk>/example/", views.flow_example, name="flow_example"),
    path("outreach/flows/<int:pk>/document/", views.flow_document, name="flow_document"),
    path(
        "outreach/flows/<int:pk>/questions/<slug:code>/", views.flow_question, name="flow_question"
    ),
    path("outreach/flows/<int:pk>/rules/<slug:code>/", views.flow_rule, name="flow_rule"),
    path("outreach/cases/<int:pk>/pre-check/", views.pre_check_case, name="pre_check"),
]
