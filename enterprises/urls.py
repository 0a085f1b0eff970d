"""Addresses of enterprises: signing up, one's own enterprise, and the station's verification."""

from django.urls import path

from enterprises.views import (
    agents,
    documents,
    hand_overs,
    own,
    sign_up,
    station,
    validity,
)
from materials.urls import page_paths

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
    path("<int:pk>/agents/invite/", agents.agent_invite, name="agent_invite"),
    path(
        "<int:pk>/agents/<int:agent_pk>/invite/",
        agents.agent_invite_again,
        name="agent_invite_again",
    ),
    path("<int:pk>/agents/<int:agent_pk>/remove/", agents.agent_remove, name="agent_remove"),
    path("<int:pk>/hand-over/", hand_overs.hand_over, name="hand_over"),
    path("hand-overs/<int:pk>/drop/", hand_overs.hand_over_drop, name="hand_over_drop"),
    path("hand-overs/proof/<int:pk>/", hand_overs.proof_page, name="proof_page"),
    path("hand-overs/object/<str:token>/", hand_overs.hand_over_object, name="hand_over_object"),
    path("<int:pk>/documents/<int:kind>/", documents.document, name="document"),
    path(
        "<int:pk>/documents/<int:kind>/validity/",
        validity.document_validity,
        name="document_validity",
    ),
    path(
        "<int:pk>/documents/<int:kind>/upload/", documents.document_upload, name="document_upload"
    ),
    path("<int:pk>/licence/adopt/", documents.licence_adopt, name="licence_adopt"),
    path("<int:pk>/licence/confirm/", documents.licence_confirm, name="licence_confirm"),
    *page_paths("<int:pk>/pages/<int:page_pk>/", documents.find_page),
]
