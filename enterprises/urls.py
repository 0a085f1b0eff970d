"""Addresses of enterprises: signing up, one's own enterprise, and the station's verification."""

from django.urls import path

from enterprises.views import own, pages, sign_up, station, validity

app_name = "enterprises"
urlpatterns = [
    path("", station.enterprise_list, name="list"),
    path("sign-up/", sign_up.sign_up, name="sign_up"),
    path("confirmation/resend/", sign_up.confirmation_resend, name="confirmation_resend"),
    path("mine/", own.mine, name="mine"),
    path("<int:pk>/", own.detail, name="detail"),
    path("<int:pk>/edit/", own.edit, name="edit"),
    path("<int:pk>/station/", station.station_detail, name="station_detail"),
    path("<int:pk>/reveal/", station.reveal, name="reveal"),
    path("<int:pk>/verify/", station.verify, name="verify"),
    path("<int:pk>/refuse/", station.refuse, name="refuse"),
    path("<int:pk>/documents/<int:kind>/", own.document, name="document"),
    path(
        "<int:pk>/documents/<int:kind>/validity/",
        validity.document_validity,
        name="document_validity",
    ),
    path("<int:pk>/documents/<int:kind>/upload/", own.document_upload, name="document_upload"),
    path("<int:pk>/licence/confirm/", own.licence_confirm, name="licence_confirm"),
    path("<int:pk>/pages/<int:page_pk>/", own.page_file, name="page_file"),
    path("<int:pk>/pages/<int:page_pk>/thumb/", own.page_thumb, name="page_thumb"),
    path("<int:pk>/pages/<int:page_pk>/remove/", own.page_remove, name="page_remove"),
    path("<int:pk>/pages/<int:page_pk>/move/", pages.page_move, name="page_move"),
    path("<int:pk>/pages/<int:page_pk>/turn/", pages.page_turn, name="page_turn"),
    path("<int:pk>/pages/<int:page_pk>/replace/", pages.page_replace, name="page_replace"),
]
