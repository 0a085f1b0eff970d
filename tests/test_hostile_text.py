"""NUL anywhere in an address, and dates from 0001 to 9999: never an error of ours."""

from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from tests.test_access import ACCESS, Case, case  # noqa: F401 - fixture
from tests.test_hostile_numbers import POSTED_TOO, ask

pytestmark = pytest.mark.django_db
DAYS = ("0001-01-01", "9999-12-31", "0000-00-00")
# By address, the days that are asked for or posted there.
DATED: dict[str, tuple[str, ...]] = {
    "accounts:audit_list": ("since", "until"),
    "accounts:audit_export": ("since", "until"),
    "applications:applicant_new": ("passport_expires_on",),
    "applications:applicant_edit": ("passport_expires_on",),
    "enterprises:document_validity": ("ends_on", "dated_on", "tax_year"),
    "notices:delivery_list": ("since", "until"),
    "outreach:article_publish": ("shown_from", "shown_until", "review_by"),
    "outreach:article_post": ("posted_on",),
    "outreach:consultation_figures": ("first", "last"),
    "outreach:desk_new": ("asked_at",),
    "outreach:plan_meeting_new": ("held_on", "next_on"),
    "outreach:plan_phase": ("begins_on", "ends_on"),
    "outreach:plan_talk_new": ("held_on",),
    "outreach:plan_task": ("begins_on", "due_on", "done_on"),
    "outreach:flow_publish": ("valid_from", "valid_until"),
    "outreach:flow_rule": ("until",),
    "outreach:question_edit": ("review_by", "source_on"),
    "department_times": ("year",),
    "department_times_csv": ("year",),
    "reason_counts": ("year",),
    "reason_counts_csv": ("year",),
    "reviews:leave_new": ("first_day", "last_day"),
    "reviews:opinion_edit": ("insured_since",),
    "reviews:opinion_autosave": ("insured_since",),
    "workdays:calendar_close": ("date",),
}
FORMS = POSTED_TOO | {
    "applications:applicant_new",
    "applications:applicant_edit",
    "enterprises:document_validity",
    "outreach:flow_rule",
    "outreach:plan_meeting_new",
    "outreach:plan_talk_new",
    "outreach:question_edit",
}
# Beside the days, what makes the rest of the form whole.
REST = {"reason": "停电检修", "year": "2026", "draft": "1", "is_endless": ""}
# Texts that a form posts; a NUL stands in each of them.
TEXTS = (
    "name", "q", "who", "object_label", "username", "email", "code", "reason", "words", "answer",
    "text", "next", "chosen", "seen", "title", "content", "opinion", "application", "place",
    "material", "page", "webhook", "contact_name", "credit_code", "token", "before", "then",
)  # fmt: skip


def test_a_nul_in_a_path_leads_nowhere(
    case: Case,  # noqa: F811
) -> None:
    wrong = []
    for name, rule in ACCESS.items():
        client = case.client((rule.allowed + rule.hidden or "O")[0])
        given = case.arguments.get(name)
        url = reverse(name, kwargs=given)
        texts = [key for key, value in (given or {}).items() if isinstance(value, str)]
        for key in texts:
            hostile = url.replace(str((given or {})[key]), "a%00b")
            wrong.append(ask(client, rule.method, hostile, {}))
        wrong.append(ask(client, rule.method, f"{url}%00", {}))
        wrong.append(ask(client, rule.method, f"%00{url}", {}))
    assert [one for one in wrong if one] == []


def test_a_nul_beside_a_path_or_in_a_form_is_left_out(
    case: Case,  # noqa: F811
) -> None:
    wrong = []
    for name, rule in ACCESS.items():
        client = case.client((rule.allowed + rule.hidden or "O")[0])
        url = reverse(name, kwargs=case.arguments.get(name))
        methods = {rule.method, "post" if name in FORMS else rule.method}
        sent = dict.fromkeys(TEXTS, "a\0b")
        wrong += [ask(client, method, url, sent) for method in methods]
    assert [one for one in wrong if one] == []


def test_a_day_that_no_calendar_reaches_is_never_an_error_of_ours(
    case: Case,  # noqa: F811
) -> None:
    wrong = []
    for name, fields in DATED.items():
        rule = ACCESS[name]
        client = case.client((rule.allowed + rule.hidden or "O")[0])
        url = reverse(name, kwargs=case.arguments.get(name))
        for method in {rule.method, "post" if name in FORMS else rule.method}:
            for day in DAYS:
                sent = {**REST, **{field: day[:4] if "year" in field else day for field in fields}}
                wrong.append(ask(client, method, url, sent))
    assert [one for one in wrong if one] == []


@pytest.mark.parametrize("cookie", ["sessionid", "csrftoken", "messages"])
def test_a_nul_in_a_cookie_is_nobodys(client: Client, cookie: str) -> None:
    client.cookies.load(f'{cookie}="abcdefghij\\000k"')
    assert client.get(reverse("accounts:sign_in")).status_code == 200


def test_a_code_is_found_in_full_width_and_in_groups(
    client: Client,
    case: Case,  # noqa: F811
) -> None:
    code = case.arguments["reviews:verify_code"]["code"]
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code)
    found = client.get(reverse("reviews:verify"), {"code": f" {wide[:4]}－{wide[4:]}\u200b"})
    assert found.headers["Location"] == reverse("reviews:verify_code", args=[code])
    small = client.get(f"/verify/{quote(code.lower())}/")
    assert small.headers["Location"] == reverse("reviews:verify_code", args=[code])
