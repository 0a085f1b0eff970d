from datetime import date

import pytest
from django.core import mail

from accounts.mailboxes import send_confirmation
from accounts.models import AuditEvent, User
from enterprises import services
from enterprises.models import Enterprise, StandingDocument
from enterprises.services import DocumentStack
from materials import stack
from materials.stack import add_page, remove_page
from notices.models import Notice
from tests.factories import EnterpriseFactory, agent_of, picture, standing_page


@pytest.fixture
def pending(db: None) -> Enterprise:
    enterprise = EnterpriseFactory.create(pending=True)
    agent_of(enterprise)
    standing_page(enterprise, 2)
    return enterprise


def names_of(document: StandingDocument) -> list[str]:
    pages = document.pages.filter(superseded_at__isnull=True).select_related("file")
    return [page.file.original_name for page in pages]


class TestSignUp:
    def test_makes_the_account_and_the_enterprise_and_mails_the_link(self, db: None) -> None:
        enterprise = EnterpriseFactory.build(pending=True, credit_code="91500101YYYY00012R")
        account = {
            "name": "经办人",
            "email": "New@example.com",
            "phone": "13800000000",
            "password": "Wanzhou-2026!",
        }

        user = services.sign_up(account=account, enterprise=enterprise)

        assert user.email == "new@example.com"
        assert user.email_confirmed_at is None
        assert list(enterprise.people()) == [user]
        assert Enterprise.objects.get().status == "pending"
        notice = Notice.objects.get(recipient=user)
        assert "确认" in notice.subject
        assert "/confirm/" in notice.link
        assert not mail.outbox, "mail leaves after the commit, by the worker"

    def test_asking_for_the_link_twice_in_a_minute_sends_one(self, agent: User) -> None:
        send_confirmation(agent)
        send_confirmation(agent)

        assert Notice.objects.filter(recipient=agent).count() == 1


class TestDecide:
    def test_verifying_tells_the_agents(self, pending: Enterprise, officer: User) -> None:
        services.decide(pending, verified=True, by=officer)

        pending.refresh_from_db()
        assert pending.is_verified
        assert pending.decided_by == officer
        assert Notice.objects.filter(recipient__in=pending.people()).count() == 1
        assert AuditEvent.objects.filter(action="enterprise.verify", actor=officer).exists()

    def test_refusing_needs_a_reason(self, pending: Enterprise, officer: User) -> None:
        with pytest.raises(services.DecisionRefused, match="请写明原因"):
            services.decide(pending, verified=False, reason=" ", by=officer)

        services.decide(pending, verified=False, reason="执照不清晰", by=officer)

        pending.refresh_from_db()
        assert pending.status == "refused"
        assert pending.refusal_reason == "执照不清晰"

    def test_nothing_is_verified_without_a_licence(self, officer: User) -> None:
        enterprise = EnterpriseFactory.create(pending=True)

        with pytest.raises(services.DecisionRefused, match="还没有上传营业执照"):
            services.decide(enterprise, verified=True, by=officer)

    def test_a_second_click_does_nothing_and_a_second_officer_is_told(
        self, pending: Enterprise, officer: User, other_officer: User
    ) -> None:
        services.decide(pending, verified=True, by=officer)
        services.decide(pending, verified=True, by=officer)

        with pytest.raises(services.DecisionRefused, match="已由专员甲核验为“已核验”"):
            services.decide(pending, verified=False, reason="不符", by=other_officer)

        assert AuditEvent.objects.filter(action__startswith="enterprise.").count() == 1

    def test_what_the_enterprise_changed_meanwhile_is_not_verified_unseen(
        self, pending: Enterprise, officer: User
    ) -> None:
        seen = pending.version
        pending.address = "重庆市万州区另一条路2号"
        services.save_enterprise(pending, changed=["address"], by=pending.people()[0])

        with pytest.raises(services.DecisionRefused, match="企业修改过登记信息"):
            services.decide(pending, verified=True, by=officer, seen_version=seen)


class TestSaveEnterprise:
    @pytest.mark.parametrize(
        ("field", "status"),
        [
            ("name", "pending"),
            ("credit_code", "pending"),
            ("kind", "pending"),
            ("registration_authority", "pending"),
            ("address", "pending"),
            ("contact_name", "verified"),
            ("contact_phone", "verified"),
        ],
    )
    def test_what_stands_on_the_licence_is_verified_anew_when_it_changes(
        self, enterprise: Enterprise, agent: User, field: str, status: str
    ) -> None:
        services.save_enterprise(enterprise, changed=[field], by=agent)

        assert Enterprise.objects.get(pk=enterprise.pk).status == status

    def test_a_refused_enterprise_goes_back_to_be_verified(self, agent: User) -> None:
        refused = EnterpriseFactory.create(refused=True)

        services.save_enterprise(refused, changed=["contact_name"], by=agent)

        refused.refresh_from_db()
        assert refused.status == "pending"
        assert refused.refusal_reason == "营业执照照片不清晰，请重新上传。"


class TestStandingDocuments:
    def test_a_new_licence_brings_a_refused_enterprise_back(self, agent: User) -> None:
        refused = EnterpriseFactory.create(refused=True)

        add_page(DocumentStack(refused, 1), data=picture(1), name="公函.jpg", by=agent)
        assert Enterprise.objects.get(pk=refused.pk).status == "refused"
        add_page(DocumentStack(refused, 2), data=picture(2), name="执照.jpg", by=agent)
        assert Enterprise.objects.get(pk=refused.pk).status == "pending"

    def test_what_is_no_picture_is_refused_and_nothing_is_kept(
        self, enterprise: Enterprise, agent: User
    ) -> None:
        report = add_page(DocumentStack(enterprise, 2), data=b"hello", name="执照.jpg", by=agent)

        assert not report.accepted
        assert "请扫描或拍照" in report.problems[0].message
        assert not enterprise.documents.exists()

    def test_pages_keep_their_order_and_the_same_picture_counts_once(
        self, enterprise: Enterprise, agent: User
    ) -> None:
        for name in ("one", "two", "two"):
            data = picture(1, name)
            add_page(DocumentStack(enterprise, 1), data=data, name=f"{name}.jpg", by=agent)

        document = enterprise.current_document(1)
        assert document is not None
        assert names_of(document) == ["one.jpg", "two.jpg"]
        assert document.version == 1

    def test_a_version_that_was_submitted_stays_as_it_was(
        self, enterprise: Enterprise, agent: User
    ) -> None:
        first = standing_page(enterprise, 1, picture(1, "first"))
        services.freeze(first.document)

        letter = DocumentStack(enterprise, 1)
        add_page(letter, data=picture(1, "second"), name="第二页.jpg", by=agent)
        remove_page(letter, first, by=agent)

        current = enterprise.current_document(1)
        assert current is not None
        assert current.version == 2
        assert names_of(current) == ["第二页.jpg"]
        assert names_of(StandingDocument.objects.get(version=1)) == ["材料1.jpg"]

    def test_there_is_a_limit_to_the_pages_of_one_material(
        self, enterprise: Enterprise, agent: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(stack, "MOST_PAGES", 1)
        standing_page(enterprise, 1, picture(1, "first"))

        with pytest.raises(stack.PageRefused, match="最多1页"):
            add_page(
                DocumentStack(enterprise, 1), data=picture(1, "second"), name="二.jpg", by=agent
            )

    def test_what_was_stated_of_a_frozen_document_survives_its_copy(
        self, enterprise: Enterprise, agent: User
    ) -> None:
        """The next version is the same paper with one page more: it runs out on the same day."""
        first = standing_page(enterprise, 4, picture(4, "first")).document
        first.tax_year, first.dated_on, first.ends_on = 2025, date(2026, 5, 6), date(2026, 12, 31)
        first.is_endless, first.valid_until = False, date(2026, 11, 30)
        first.save()
        services.freeze(first)

        commitment = DocumentStack(enterprise, 4)
        add_page(commitment, data=picture(4, "second"), name="第二页.jpg", by=agent)

        current = enterprise.current_document(4)
        assert current is not None
        assert current.version == 2
        assert current.valid_until == date(2026, 11, 30)
        assert (current.tax_year, current.dated_on) == (2025, date(2026, 5, 6))
        assert (current.ends_on, current.is_endless) == (date(2026, 12, 31), False)
        first.refresh_from_db()
        assert first.superseded_at is not None
        assert [page.position for page in current.pages.order_by("position")] == [1, 2]

    def test_an_endless_licence_stays_endless_in_its_copy(
        self, enterprise: Enterprise, agent: User
    ) -> None:
        first = standing_page(enterprise, 2, picture(2, "first")).document
        StandingDocument.objects.filter(pk=first.pk).update(is_endless=True)
        first.refresh_from_db()
        services.freeze(first)
        remove_page(DocumentStack(enterprise, 2), first.pages.get(), by=agent)
        current = enterprise.current_document(2)
        assert current is not None
        assert (current.version, current.is_endless, current.valid_until) == (2, True, None)

    def test_pages_are_numbered_1_2_3_and_close_up(
        self, enterprise: Enterprise, agent: User
    ) -> None:
        letter = DocumentStack(enterprise, 1)
        for text in "abc":
            add_page(letter, data=picture(1, text), name=f"{text}.jpg", by=agent)
        pages = letter.current()
        assert [page.position for page in pages] == [1, 2, 3]
        remove_page(letter, pages[0], by=agent)
        kept = pages[0].document.pages.filter(superseded_at__isnull=True)
        assert list(kept.values_list("file__original_name", "position")) == [
            ("b.jpg", 1),
            ("c.jpg", 2),
        ]
