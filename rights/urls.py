"""Addresses of the register and of requests of a person."""

from django.urls import path, re_path

from rights.views import register

app_name = "rights"
urlpatterns = [
    path("register/", register.register, name="register"),
    re_path(r"^register/(?P<form>xlsx|csv)/$", register.register_export, name="register_export"),
]
