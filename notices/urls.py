"""Addresses of the notices."""

from django.urls import path

from notices.views import deliveries, inbox, preferences, robots

app_name = "notices"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("read/", inbox.read_all, name="read_all"),
    path("<int:pk>/read/", inbox.read, name="read"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("deliveries/", deliveries.delivery_list, name="delivery_list"),
    path("deliveries/<int:pk>/retry/", deliveries.delivery_retry, name="delivery_retry"),
    path("robots/", robots.robot_list, name="robot_list"),
    path("robots/new/", robots.robot_new, name="robot_new"),
    path("robots/<int:pk>/edit/", robots.robot_edit, name="robot_edit"),
    path("robots/<int:pk>/test/", robots.robot_test, name="robot_test"),
]
