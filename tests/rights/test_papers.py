"""Impact assessment and incident report: filled from what the portal knows."""

import io
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from accounts.models import AuditEvent, User
from applications.models import Application
from tests.conftest import ClientOf

pytestmark = pytest.mark.django_db


def words_of(response: Any) -> str:
    paper = Document(io.BytesIO(response.content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


def test_the_assessment_names_what_is_held_and_leaves_the_judgement_open(
    client_of: ClientOf, officer: User, submitted: Application
) -> None:
    client = client_of(officer)
    assert client.get(reverse("rights:papers")).status_code == 200
    words = words_of(client.post(reverse("rights:assessment")))
    assert "材料的图片：护照、照片、签名、无犯罪记录、社保等" in words
    assert "审核通过的，办结之后120个月" in words
    assert "评估结论：（请填写）" in words
    assert submitted.applicant.name not in words
    assert AuditEvent.objects.filter(action="personal_data.assess").count() == 1


def test_the_incident_report_counts_what_the_trail_says_of_these_days(
    client_of: ClientOf, security_admin: User
) -> None:
    client, today = client_of(security_admin), timezone.localdate()
    AuditEvent.objects.create(action="account.sign_in_failed", actor_label="系统")
    days = {"first": today.isoformat(), "last": today.isoformat()}
    words = words_of(client.post(reverse("rights:incident"), days))
    assert "登录失败\n1" in words
    assert "发现的时间和人" in words
    wrong = client.post(reverse("rights:incident"), {"first": "", "last": ""})
    assert wrong.status_code == 422
