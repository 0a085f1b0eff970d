"""Addresses of the parameters."""

from django.urls import path

from parameters import views

app_name = "parameters"
urlpatterns = [
    path("", views.parameter_list, name="list"),
    path("<int:pk>/", views.parameter_change, name="change"),
    path("values/<int:pk>/withdraw/", views.value_withdraw, name="withdraw"),
]
