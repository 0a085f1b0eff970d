"""What lies on the disk: a case's texts, numbers and pictures nowhere, but as ADR 70 says."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from applications.models import StatusChange
from outreach.models import Consultation
from reviews.models import Opinion, ReviewTable
from tests.disk_search import found_in, needles
from tests.factories import CardFactory, CorrectionFactory
from tests.outreach.factories import ConsultationFactory
from tests.reviews.conftest import Station

pytestmark = pytest.mark.django_db


def every_row() -> bytes:
    """All that the tables of the database hold, as it is stored."""
    parts = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            columns = [field.column for field in model._meta.local_concrete_fields]
            names = ", ".join(f'CAST("{column}" AS text)' for column in columns)
            cursor.execute(f'SELECT {names} FROM "{model._meta.db_table}"')  # noqa: S608
            for row in cursor.fetchall():
                parts += [str(value) for value in row if value is not None]
    return "\n".join(parts).encode()


def test_of_a_case_only_what_is_named_is_found(
    station: Station, circulated: ReviewTable, officer: User
) -> None:
    station.sign(circulated, "tax")
    opinion = Opinion.objects.get(table=circulated, department__code="tax")
    case = circulated.application
    CorrectionFactory.create(application=case, words="印章盖在了姓名上", answer="已重新盖章")
    StatusChange.objects.filter(application=case).update(reason="信用代码与执照不一致")
    CardFactory.create()
    ConsultationFactory.create(text="我们公司的王经理上次被拒了", answer="请他带旧卡来")
    TOTPDevice.objects.create(user=officer, name="手机", confirmed=True)
    session = SessionStore()
    session["draft"] = "没有提交的内容"
    session.save()

    wanted = needles()
    rows = every_row()

    said = {
        opinion.words, "印章盖在了姓名上", "已重新盖章", "信用代码与执照不一致",
        "我们公司的王经理上次被拒了", "请他带旧卡来", case.applicant.id_number,
        case.applicant.passport_number, case.applicant.phone, TOTPDevice.objects.get().key,
    }  # fmt: skip
    assert {text for text in said if text} <= wanted.hidden
    assert len(wanted.hidden) > 30
    assert wanted.pictures
    hidden, pictures, readable = found_in(rows, wanted)
    assert (hidden, pictures) == ([], 0)
    assert "没有提交的内容".encode() not in rows
    # Names are readable, and so the search is known to look in the right place.
    assert readable > 0
    files = [path.read_bytes() for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert files
    assert [found for data in files if (found := found_in(data, wanted)) != ([], 0, 0)] == []
    assert Consultation.objects.get().text == "我们公司的王经理上次被拒了"
