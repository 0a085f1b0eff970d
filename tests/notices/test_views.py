"""The inbox, and the number beside it in the menu."""

import pytest
from django.test import Client

from accounts.models import User
from notices.models import Notice
from tests.conftest import ClientOf

INBOX = "/notices/"


@pytest.fixture
def client(client_of: ClientOf, officer: User) -> Client:
    return client_of(officer)


def notice(recipient: User, number: int = 1, path: str = "/accounts/me/") -> Notice:
    return Notice.objects.create(
        cause=f"test:{number}",
        recipient=recipient,
        subject=f"第{number}件事",
        body="第一段\n\n第二段",
        path=path,
        action_label="去办理",
    )


def test_an_empty_inbox_says_what_it_is_for(client: Client) -> None:
    assert "还没有通知。" in client.get(INBOX).text


def test_unread_stand_above_read_the_newest_first(client: Client, officer: User) -> None:
    notices = [notice(officer, number) for number in range(1, 5)]
    for read in (notices[1], notices[3]):
        client.post(f"{INBOX}{read.pk}/read/")
    subjects = [item.subject for item in client.get(INBOX).context["page"]]
    assert subjects == ["第3件事", "第1件事", "第4件事", "第2件事"]


def test_opening_a_notice_marks_it_read_and_leads_to_its_page(
    client: Client, officer: User
) -> None:
    item = notice(officer)
    assert client.post(f"{INBOX}{item.pk}/read/")["Location"] == "/accounts/me/"
    item.refresh_from_db()
    read_at = item.read_at
    assert read_at is not None
    client.post(f"{INBOX}{item.pk}/read/")
    item.refresh_from_db()
    assert item.read_at == read_at


def test_a_notice_without_a_page_leads_back_to_the_inbox(client: Client, officer: User) -> None:
    item = notice(officer, path="")
    assert "标为已读" in client.get(INBOX).text
    assert client.post(f"{INBOX}{item.pk}/read/")["Location"] == INBOX


def test_looking_marks_nothing_read(client: Client, officer: User) -> None:
    item = notice(officer)
    client.get(INBOX)
    assert client.get(f"{INBOX}{item.pk}/read/").status_code == 405
    item.refresh_from_db()
    assert item.read_at is None


def test_another_persons_notices_are_not_there(
    client: Client, officer: User, other_officer: User
) -> None:
    his = notice(other_officer)
    inbox = client.get(INBOX).text
    assert "还没有通知" in inbox
    assert "第1件事" not in inbox
    assert client.post(f"{INBOX}{his.pk}/read/").status_code == 404
    client.post(f"{INBOX}read/")
    his.refresh_from_db()
    assert his.read_at is None


def test_all_are_marked_read_at_once(client: Client, officer: User) -> None:
    notice(officer, 1)
    notice(officer, 2)
    assert client.post(f"{INBOX}read/")["Location"] == INBOX
    assert not Notice.objects.unread().exists()


def test_the_menu_counts_what_is_unread(client: Client, officer: User) -> None:
    notice(officer, 1)
    notice(officer, 2)
    assert '2<span class="visually-hidden">条未读' in client.get("/accounts/me/").text
    client.post(f"{INBOX}read/")
    assert "条未读" not in client.get("/accounts/me/").text


@pytest.mark.parametrize("notices", [1, 50])
def test_the_inbox_costs_the_same_for_one_and_for_fifty(
    client: Client, officer: User, django_assert_max_num_queries, notices: int
) -> None:
    for number in range(notices):
        notice(officer, number)
    client.get(INBOX)
    with django_assert_max_num_queries(4):
        page = client.get(INBOX)
    assert page.status_code == 200
    assert page.text.count("件事") >= min(notices, 30)


def test_thirty_stand_on_a_page(client: Client, officer: User) -> None:
    for number in range(31):
        notice(officer, number)
    first = client.get(INBOX).context["page"]
    assert len(first) == 30
    assert len(client.get(f"{INBOX}{first.next}").context["page"]) == 1


def test_what_is_read_on_one_page_moves_nothing_unread_off_the_next(
    client: Client, officer: User
) -> None:
    notices = [notice(officer, number) for number in range(1, 36)]
    first = client.get(INBOX).context["page"]
    client.post(f"{INBOX}{notices[-1].pk}/read/")
    second = client.get(f"{INBOX}{first.next}").context["page"]
    assert [item.subject for item in second] == [
        "第5件事", "第4件事", "第3件事", "第2件事", "第1件事", "第35件事"
    ]  # fmt: skip
