"""Addresses of applicants, applications and their materials."""

from django.urls import path

from applications.views import (
    agent,
    applicants,
    batch,
    deciding,
    letters,
    lists,
    materials,
    noting,
    officer,
    officer_reasons,
    pre_review,
    proposed,
    repairs,
    submission,
)
from materials.urls import page_paths
from materials.views import page_file, page_thumb

app_name = "applications"
urlpatterns = [
    path("", lists.application_list, name="list"),
    path("batch/", batch.batch, name="batch"),
    path("applicants/", applicants.applicant_list, name="applicants"),
    path("applicants/new/", applicants.applicant_new, name="applicant_new"),
    path("applicants/new/upload/", proposed.passport_upload, name="passport_upload"),
    path("applicants/new/check/", proposed.passport_check, name="passport_check"),
    path(
        "applicants/new/passport/<int:page_pk>/",
        page_file,
        {"find": proposed.find_proposed},
        name="passport_file",
    ),
    path(
        "applicants/new/passport/<int:page_pk>/thumb/",
        page_thumb,
        {"find": proposed.find_proposed},
        name="passport_thumb",
    ),
    path(
        "applicants/new/passport/<int:page_pk>/remove/",
        proposed.passport_remove,
        name="passport_remove",
    ),
    path("applicants/<int:pk>/edit/", applicants.applicant_edit, name="applicant_edit"),
    path("applicants/<int:pk>/start/", applicants.application_start, name="start"),
    path("<int:pk>/", agent.detail, name="detail"),
    path("<int:pk>/reuse/", agent.reuse, name="material_reuse"),
    path("<int:pk>/withdraw/", agent.withdraw, name="withdraw"),
    path("<int:pk>/resubmit/", agent.resubmit, name="resubmit"),
    path(
        "<int:pk>/corrections/<int:correction_pk>/answer/",
        agent.correction_answer,
        name="correction_answer",
    ),
    path("<int:pk>/check/", submission.check, name="check"),
    path("<int:pk>/check/reveal/", submission.reveal, name="check_reveal"),
    path("<int:pk>/submit/", submission.submit, name="submit"),
    path("<int:pk>/materials/<int:number>/", materials.material, name="material"),
    path("<int:pk>/materials/<int:number>/upload/", materials.upload, name="material_upload"),
    path("<int:pk>/materials/<int:number>/check/", materials.check, name="material_check"),
    path("<int:pk>/materials/<int:number>/choose/", materials.choose, name="material_choose"),
    path("<int:pk>/materials/<int:number>/facts/", materials.facts_save, name="material_facts"),
    path("<int:pk>/passport/adopt/", materials.passport_adopt, name="passport_adopt"),
    *page_paths("<int:pk>/materials/<int:number>/pages/<int:page_pk>/", materials.find_page),
    path(
        "<int:pk>/materials/<int:number>/pages/<int:page_pk>/original/",
        materials.page_original,
        name="page_original",
    ),
    path(
        "<int:pk>/materials/<int:number>/repairs/<int:repair_pk>/propose/",
        repairs.repair_propose,
        name="repair_propose",
    ),
    path(
        "<int:pk>/materials/<int:number>/repairs/<int:repair_pk>/accept/",
        repairs.repair_accept,
        name="repair_accept",
    ),
    path(
        "<int:pk>/materials/<int:number>/repairs/<int:repair_pk>/reject/",
        repairs.repair_reject,
        name="repair_reject",
    ),
    path(
        "<int:pk>/materials/<int:number>/repairs/<int:repair_pk>/<slug:which>.jpg",
        repairs.repair_picture,
        name="repair_picture",
    ),
    path("<int:pk>/pre-review/", pre_review.pre_review, name="pre_review"),
    path("<int:pk>/pre-review/next/", officer.next_case, name="next_case"),
    path("<int:pk>/pre-review/<int:number>/reading/", noting.reading_save, name="reading_save"),
    path("<int:pk>/letters/<int:change_pk>/", letters.letter, name="letter"),
    path("letters/<int:pk>.pdf", letters.letter_pdf, name="letter_pdf"),
    path("reasons/", officer_reasons.reason_list, name="reasons"),
    path("reasons/new/", officer_reasons.reason_new, name="reason_new"),
    path("reasons/<int:pk>/edit/", officer_reasons.reason_edit, name="reason_edit"),
    path("<int:pk>/pre-review/reveal/", pre_review.reveal, name="reveal"),
    path("<int:pk>/pre-review/<int:number>/compare/", noting.compare, name="compare"),
    path("<int:pk>/pre-review/<int:number>/note/", noting.correction_note, name="correction_note"),
    path(
        "<int:pk>/pre-review/notes/<int:correction_pk>/drop/",
        noting.correction_drop,
        name="correction_drop",
    ),
    path("<int:pk>/pre-review/return/", deciding.send_back, name="send_back"),
    path("<int:pk>/pre-review/decline/", deciding.decline, name="decline"),
]
