"""Addresses of the accounts."""

from django.urls import path

from accounts.views import (
    audit,
    closing,
    invitations,
    kept_form,
    locks,
    mailbox,
    me,
    password_reset,
    second_person,
    sign_in,
    two_roles,
    users,
)

app_name = "accounts"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.sign_in_code, name="sign_in_code"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("go-on/", kept_form.go_on, name="kept_form"),
    path("confirm/<str:token>/", sign_in.confirm_email, name="confirm"),
    path("forgotten/", password_reset.password_forgotten, name="password_forgotten"),
    path(
        "forgotten/sent/",
        password_reset.password_forgotten_sent,
        name="password_forgotten_sent",
    ),
    path("reset/<str:uid>/<str:token>/", password_reset.password_reset, name="password_reset"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("me/", me.me, name="me"),
    path("me/role/", two_roles.role_choose, name="role_choose"),
    path("me/edit/", me.me_edit, name="me_edit"),
    path("me/mailbox/", mailbox.mailbox_change, name="mailbox_change"),
    path("me/mailbox/drop/", mailbox.mailbox_drop, name="mailbox_drop"),
    path("me/close/", closing.account_close, name="account_close"),
    path("me/password/", me.password_change, name="password_change"),
    path("me/second-factor/", me.second_factor, name="second_factor"),
    path("me/second-factor/cancel/", me.second_factor_cancel, name="second_factor_cancel"),
    path("users/", users.user_list, name="user_list"),
    path("users/new/", users.user_new, name="user_new"),
    path("users/<int:pk>/edit/", users.user_edit, name="user_edit"),
    path("users/<int:pk>/password/", users.user_password, name="user_password"),
    path("users/<int:pk>/primary/", users.user_primary, name="user_primary"),
    path("requests/", second_person.request_list, name="request_list"),
    path("requests/<int:pk>/agree/", second_person.request_agree, name="request_agree"),
    path("requests/<int:pk>/disagree/", second_person.request_disagree, name="request_disagree"),
    path("locks/", locks.lock_list, name="lock_list"),
    path("locks/sign-in/unlock/", locks.sign_in_unlock, name="sign_in_unlock"),
    path("locks/signing/<int:pk>/lift/", locks.signing_lock_lift, name="signing_lock_lift"),
    path(
        "users/<int:pk>/second-factor/reset/",
        locks.second_factor_reset,
        name="second_factor_reset",
    ),
    path("audit/", audit.audit_list, name="audit_list"),
    path("audit/check/", audit.audit_check, name="audit_check"),
    path("audit/export/", audit.audit_export, name="audit_export"),
]
