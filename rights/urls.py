"""Addresses of the register and of requests of a person."""

from django.urls import path, re_path

from rights.views import links, papers, register, requests

app_name = "rights"
urlpatterns = [
    path("register/", register.register, name="register"),
    re_path(r"^register/(?P<form>xlsx|csv)/$", register.register_export, name="register_export"),
    path("papers/", papers.papers, name="papers"),
    path("papers/assessment/", papers.assessment, name="assessment"),
    path("papers/incident/", papers.incident, name="incident"),
    path("", requests.request_list, name="request_list"),
    path("new/", requests.request_new, name="request_new"),
    path("mine/", requests.mine, name="mine"),
    path("mine/copy/", requests.mine_copy, name="mine_copy"),
    path("<int:pk>/", requests.request_page, name="request"),
    path("<int:pk>/answer/", requests.request_answer, name="request_answer"),
    path("<int:pk>/refuse/", requests.request_refuse, name="request_refuse"),
    path("<int:pk>/prepare/", requests.request_prepare, name="request_prepare"),
    path("<int:pk>/send-back/", requests.request_send_back, name="request_send_back"),
    path("<int:pk>/finalise/", requests.request_finalise, name="request_finalise"),
    path("<int:pk>/copy/", requests.request_copy, name="request_copy"),
    path("<int:pk>/link/", requests.request_link, name="request_link"),
    path("<int:pk>/letter.pdf", requests.request_letter, name="request_letter"),
    path("link/", links.link_ask, name="link_ask"),
    path("link/<str:token>/", links.link, name="link"),
    path("link/<str:token>/confirm/", links.link_confirm, name="link_confirm"),
    path("link/<str:token>/copy/", links.link_copy, name="link_copy"),
]
