"""Addresses of the follow-up, for `cards.urls`."""

from django.urls import path

from cards.followup.views import duty, feedback, findings, visits

followup_urls = [
    path("duty/", duty.duty, name="duty"),
    path("enterprises/<int:pk>/duty/", duty.enterprise_duty, name="enterprise_duty"),
    path("followup/", visits.followup_month, name="followup_month"),
    path("enterprises/<int:pk>/visits/new/", visits.visit_new, name="visit_new"),
    path("visits/<int:pk>/", visits.visit, name="visit"),
    path("visits/<int:pk>/arrange/", visits.visit_arrange, name="visit_arrange"),
    path("visits/<int:pk>/checks/", visits.visit_checks, name="visit_checks"),
    path("visits/<int:pk>/pictures/", visits.visit_pictures, name="visit_pictures"),
    path("visits/<int:pk>/finish/", visits.visit_finish, name="visit_finish"),
    path("visits/<int:pk>/drop/", visits.visit_drop, name="visit_drop"),
    path("visits/<int:pk>/findings/", visits.finding_new, name="finding_new"),
    path("visits/pages/<int:pk>/", visits.visit_page, name="visit_page"),
    path("findings/<int:pk>/", findings.finding, name="finding"),
    path("findings/<int:pk>/answer/", findings.finding_answer, name="finding_answer"),
    path("findings/<int:pk>/again/", findings.finding_again, name="finding_again"),
    path("findings/<int:pk>/close/", findings.finding_close, name="finding_close"),
    path("findings/pages/<int:pk>/", findings.finding_page, name="finding_page"),
    path("cards/<int:pk>/feedback/", feedback.feedback_link, name="feedback_link"),
    path("feedback/", feedback.feedback_list, name="feedback_list"),
    path("feedback/<str:token>/", feedback.feedback, name="feedback"),
]
