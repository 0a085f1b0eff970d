"""Words of mails: as their owners write them in text, once escaped in HTML, cut to their column."""

from pathlib import Path

import pytest

from accounts.models import User
from enterprises.services import decide
from notices.channels.email import NOTICE, compose
from notices.models import Delivery, Notice
from notices.services import notify
from tests.factories import EnterpriseFactory, agent_of, standing_page
from tests.notices.conftest import tell

pytestmark = pytest.mark.django_db
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
NAME = "A&B“样例”<集团>有限公司's"


@pytest.mark.parametrize("verified", [True, False])
def test_a_text_mail_is_not_escaped_and_an_html_one_is_once(officer: User, verified: bool) -> None:
    enterprise = EnterpriseFactory.create(name=NAME, pending=True)
    agent = agent_of(enterprise)
    standing_page(enterprise, 2)
    reason = "住所写成了“A&B路<1>号”。"
    decide(enterprise, verified=verified, by=officer, reason="" if verified else reason)
    notice = Notice.objects.get(recipient=agent)
    delivery = Delivery.objects.filter(notice=notice).first() or Delivery(notice=notice)
    message = compose(delivery, notice.subject, NOTICE, [notice])
    text, html = str(message.body), str(message.alternatives[0][0])
    assert NAME in text
    assert "A&amp;B“样例”&lt;集团&gt;有限公司&#x27;s" in html
    assert "&amp;amp;" not in html
    assert verified or reason in text


def test_no_text_template_asks_for_escaping_by_itself() -> None:
    for file in TEMPLATES.rglob("*.txt"):
        assert "autoescape" not in file.read_text(encoding="utf-8"), file


def test_a_subject_longer_than_its_column_is_cut_in_the_middle(officer: User) -> None:
    [notice] = notify(
        [officer],
        cause="test:long",
        template="applications/email/withdraw.txt",
        context={
            "application": {
                "enterprise": {"name": "企" * 120},
                "applicant": {"name": "申" * 50},
                "reference": "万州-2026-00001",
                "title": "申请",
            },
            "change": {"reason": "原因"},
        },
        short="短" * 200,
    )
    assert notice.subject.startswith("企业撤回申请：企企企")
    assert "…" in notice.subject
    assert notice.subject.endswith("申")
    assert len(notice.subject) <= 120
    assert len(notice.short) == 60


def test_the_address_of_a_page_may_be_as_long_as_it_is(officer: User) -> None:
    path = "/accounts/confirm/" + "x" * 900
    notice = tell(officer, path=path)
    assert Notice.objects.get(pk=notice.pk).path == path
