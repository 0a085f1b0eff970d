"""What a machine read, held against what was typed: findings, pages, and what they hold up."""

from datetime import date
from threading import Event
from time import sleep

import pytest
from django.utils import timezone

from accounts import departments
from accounts.audit import record
from applications.dossier.loading import load_dossier
from applications.models import Applicant, Application
from applications.services import comparing, intake, moves
from applications.services.pages import stack_of
from applications.services.perform import MoveRefused
from core.crypto import keyed_hash
from core.versions import Overtaken
from files.models import Recognition
from files.recognition import LineOfText, Reading
from materials.kinds.passport.mrz import compose
from materials.kinds.passport.reading import zone_text
from tests.factories import CorrectionFactory, material_page, picture, stored_picture
from tests.races import PATIENCE, at_once

pytestmark = pytest.mark.django_db

ID_NUMBER = "500101198503140117"  # born on 1985-03-14, a man
EXPIRES = date(2033, 6, 15)


@pytest.fixture
def holder(applicant):
    """The applicant as the passport below has him; names not typed yet."""
    applicant.id_number, applicant.id_number_hash = ID_NUMBER, keyed_hash(ID_NUMBER)
    applicant.passport_number, applicant.passport_expires_on = "EJ7654321", EXPIRES
    applicant.save()
    return applicant


def zone(**changes):
    printed = {
        "surname": "FANG",
        "given_names": "ZHIXING",
        "number": "EJ7654321",
        "birth_date": date(1985, 3, 14),
        "sex": "M",
        "expires_on": EXPIRES,
    }
    return compose(**{**printed, **changes})


def lines_of(texts, box=None):
    """The last two where a passport's page has its zone."""
    tops = [832 - 66 * (len(texts) - row) for row in range(len(texts))]
    return tuple(
        LineOfText(text, 0.98, box or (57, top, 1191, top + 40))
        for text, top in zip(texts, tops, strict=True)
    )


def read(page, texts=(), *, faces=(), turned=0, kind="text", box=None):
    reading = Reading(1250, 880, turned, lines=lines_of(texts, box), faces=tuple(faces))
    return Recognition.objects.create(
        file=page.file, kind=kind, state="done", done_at=timezone.now(), data=reading.as_json()
    )


def passport_item(application):
    return load_dossier(application).item(10)


def codes(findings):
    return [finding.code for finding in findings]


@pytest.fixture
def passport_page(holder, ready_draft):
    return ready_draft.materials.get(number=10).pages.get()


class TestPassport:
    def test_what_agrees_finds_nothing_and_offers_the_names(self, ready_draft, passport_page):
        read(passport_page, zone())
        item = passport_item(ready_draft)
        assert (item.recognised.problems, item.recognised.warnings) == ((), ())
        assert [(row.label, row.verdict) for row in item.recognised.rows] == [
            ("护照号码", "一致"),
            ("姓（拼音）", "没有填写"),
            ("名（拼音）", "没有填写"),
            ("出生日期", "一致"),
            ("性别", "一致"),
            ("有效期至", "一致"),
        ]
        assert dict(item.recognised.suggestions) == {"surname": "FANG", "given_names": "ZHIXING"}
        assert item.is_complete

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"number": "EJ7654327"}, "number_differs"),
            ({"birth_date": date(1985, 4, 13)}, "birth_date_differs"),
            ({"sex": "F"}, "sex_differs"),
            ({"expires_on": date(2034, 6, 15)}, "expires_on_differs"),
        ],
    )
    def test_each_difference_is_a_problem_that_holds_the_submission_up(
        self, ready_draft, passport_page, agent, change, code
    ):
        read(passport_page, zone(**change))
        item = passport_item(ready_draft)
        assert codes(item.recognised.problems) == [code]
        assert (item.label, item.is_complete) == ("与填写不一致", False)
        with pytest.raises(MoveRefused, match="材料10 护照首页彩色扫描件（与填写不一致）"):
            moves.submit(ready_draft, by=agent)

    def test_a_name_that_the_zone_cut_agrees_and_is_not_offered(
        self, ready_draft, passport_page, holder
    ):
        first = "POCHNFANG<<ZHIXINGABUDUREHEMANJIANGABUDUKEL"
        assert len(first) == 43
        read(passport_page, [f"{first}I", zone()[1]])
        item = passport_item(ready_draft)
        assert item.recognised.suggestions == ()
        Applicant.objects.filter(pk=holder.pk).update(
            surname="FANG", given_names="ZHIXINGABUDUREHEMANJIANGABUDUKELIMU"
        )
        ready_draft = type(ready_draft).objects.with_people().get(pk=ready_draft.pk)
        item = passport_item(ready_draft)
        assert (item.recognised.problems, item.recognised.warnings) == ((), ())
        assert item.recognised.rows_agree
        Applicant.objects.filter(pk=holder.pk).update(given_names="XIAOLAN")
        ready_draft = type(ready_draft).objects.with_people().get(pk=ready_draft.pk)
        item = passport_item(ready_draft)
        assert item.is_complete
        assert codes(item.recognised.warnings) == ["given_names_unsure"]
        assert item.recognised.rows[2].verdict == "没有读准"

    def test_a_wrong_surname_is_a_problem_once_one_was_typed(
        self, ready_draft, passport_page, holder
    ):
        read(passport_page, zone())
        Applicant.objects.filter(pk=holder.pk).update(surname="FAN", given_names="ZHIXING")
        holder.refresh_from_db()
        ready_draft.refresh_from_db()
        assert codes(passport_item(ready_draft).recognised.problems) == ["surname_differs"]

    def test_correcting_what_was_typed_is_judged_at_once(
        self, ready_draft, passport_page, holder, agent
    ):
        read(passport_page, zone(number="EJ7654327"))
        assert intake.adopt_passport(ready_draft, by=agent) == [
            "surname",
            "given_names",
            "passport_number",
        ]
        ready_draft.refresh_from_db()
        item = passport_item(ready_draft)
        assert item.recognised.problems == ()
        assert item.is_complete
        assert intake.adopt_passport(ready_draft, by=agent) == []

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"birth_date": date(1990, 1, 2)}, "出生日期"),
            ({"sex": "F"}, "性别"),
            ({"birth_date": date(1990, 1, 2), "sex": "F"}, "出生日期、性别"),
        ],
    )
    def test_a_strangers_passport_is_not_taken_over(
        self, ready_draft, passport_page, holder, agent, client_of, change, words
    ):
        read(passport_page, zone(number="EJ7654327", **change))
        client, address = client_of(agent), f"/applications/{ready_draft.pk}/materials/10/"
        page = client.get(address).text
        assert "用护照上的内容填写" not in page
        assert f"这本护照像是别人的：{words}与身份证号码不一致" in page
        assert f'href="/applications/applicants/{holder.pk}/edit/"' in page
        answer = client.post(f"/applications/{ready_draft.pk}/passport/adopt/", follow=True)
        assert "已按护照改了" not in answer.text
        with pytest.raises(intake.IntakeRefused, match="这本护照像是别人的"):
            intake.adopt_passport(ready_draft, by=agent)
        stored = Applicant.objects.get(pk=holder.pk)
        assert (stored.passport_number, stored.surname) == ("EJ7654321", "")

    def test_an_unreadable_zone_is_a_warning_and_submitting_goes_on(
        self, ready_draft, passport_page, agent
    ):
        read(passport_page, ["护照 PASSPORT", "模糊"])
        item = passport_item(ready_draft)
        assert codes(item.recognised.warnings) == ["zone_unreadable"]
        assert item.is_complete
        moves.submit(ready_draft, by=agent)
        assert ready_draft.status == "submitted"

    def test_a_number_whose_check_digit_fails_is_not_compared(self, ready_draft, passport_page):
        first, second = zone()
        read(passport_page, [first, second.replace("EJ7654321", "EJ7654327", 1)])
        item = passport_item(ready_draft)
        assert item.recognised.problems == ()
        assert codes(item.recognised.warnings) == ["zone_unsure"]
        assert item.recognised.rows[0].verdict == "没有读准"

    def test_a_scan_on_its_side_is_a_warning(self, ready_draft, passport_page):
        read(passport_page, zone(), turned=90)
        assert codes(passport_item(ready_draft).recognised.warnings) == ["passport_turned"]

    def test_a_zone_that_a_gap_splits_is_joined(self):
        first, second = zone()
        lines = (
            LineOfText(second[30:], 0.9, (800, 770, 1191, 810)),
            LineOfText(second[:30], 0.9, (57, 768, 780, 808)),
            LineOfText(first, 0.9, (57, 700, 1191, 740)),
        )
        assert zone_text(lines) == f"{first}\n{second}"

    def test_two_sloping_lines_of_a_zone_stay_two(self):
        """On a page that lies askew the lower line begins at the height where the upper ends."""
        first, second = zone()
        lines = (
            LineOfText("有效期至 / Date of expiry", 0.9, (840, 520, 1100, 560)),
            LineOfText(first, 0.9, (57, 690, 1191, 800)),
            LineOfText(second, 0.9, (55, 750, 1190, 860)),
        )
        assert zone_text(lines).splitlines()[1:] == [first, second]

    def test_a_name_that_the_page_prints_as_typed_was_misread_in_the_zone(
        self, ready_draft, passport_page, holder, agent
    ):
        """Names have no check digit: whoever typed right must not be stopped by a misreading."""
        Applicant.objects.filter(pk=holder.pk).update(surname="FANG", given_names="ZHIXING")
        first, second = zone()
        read(passport_page, ["姓名 方知行  FANG, ZHIXING", first.replace("FANG", "FAMG"), second])
        ready_draft.refresh_from_db()
        item = passport_item(ready_draft)
        assert item.recognised.problems == ()
        assert codes(item.recognised.warnings) == ["surname_unsure"]
        assert {row.label: row.verdict for row in item.recognised.rows}["姓（拼音）"] == "没有读准"
        assert intake.adopt_passport(ready_draft, by=agent) == []

    @pytest.mark.parametrize(
        ("box", "sides"),
        [
            ((6, 700, 1191, 740), ["左边"]),
            ((57, 700, 1245, 740), ["右边"]),
            ((57, 560, 1191, 600), ["上边"]),
            ((57, 700, 1191, 875), ["下边"]),
        ],
    )
    def test_a_page_that_is_cut_off_is_told_where(self, ready_draft, passport_page, box, sides):
        read(passport_page, zone(), box=box)
        [warning] = passport_item(ready_draft).recognised.warnings
        assert warning.code == "passport_cut"
        assert [side for side in ("左边", "右边", "上边", "下边") if side in warning.found] == sides

    def test_the_passport_of_another_country_is_refused(self, ready_draft, passport_page):
        first, second = zone()
        foreign = [first.replace("POCHN", "P<USA"), second.replace("CHN", "USA", 1)]
        read(passport_page, foreign)
        assert "not_chinese" in codes(passport_item(ready_draft).recognised.problems)

    def test_the_passport_of_hong_kong_is_refused(self, ready_draft, passport_page):
        read(passport_page, zone(number="K12345678"))
        assert "not_mainland" in codes(passport_item(ready_draft).recognised.problems)


class TestKnownFaults:
    """What is known to be wrong is said in place of 已上传, to the agent and to the officer."""

    def test_a_passport_without_its_zone_is_not_green(
        self, ready_draft, passport_page, agent, client_of
    ):
        read(passport_page, ["护照 PASSPORT", "模糊"])
        item = passport_item(ready_draft)
        assert (item.label, item.badge, item.is_complete) == ("机读码没有读出", "act", True)
        page = client_of(agent).get(ready_draft.get_absolute_url()).text
        assert "机读码没有读出" in page
        assert "没有找到护照底部的两行机读码" in page

    def test_the_officer_sees_it_until_it_was_compared_by_eye(
        self, submitted, holder, officer, client_of
    ):
        read(submitted.materials.get(number=10).pages.get(), ["模糊"])
        client, address = client_of(officer), f"/applications/{submitted.pk}/pre-review/"
        assert "机读码没有读出" in client.get(address).text
        comparing.check_by_eye(submitted, 10, by=officer)
        assert "机读码没有读出" not in client.get(address).text
        assert passport_item(submitted).label == "已上传"

    def test_a_difference_that_was_read_after_the_submission_is_not_green(self, submitted, holder):
        read(submitted.materials.get(number=10).pages.get(), zone(number="EJ7654391"))
        submitted.refresh_from_db()
        item = passport_item(submitted)
        assert (item.label, item.badge) == ("与填写不一致", "act")

    def test_several_faults_are_all_named(self, ready_draft, passport_page):
        passport_page.warnings = [
            {"code": "passport_blurred", "message": "扫描件可能不够清晰。"},
            {"code": "rotated_by_mark", "message": "图片靠相机的方向标记才是正的。"},
        ]
        passport_page.save()
        read(passport_page, zone(), turned=90)
        assert passport_item(ready_draft).label == "方向不正、可能模糊"

    def test_a_note_alone_leaves_it_green(self, ready_draft, passport_page):
        passport_page.warnings = [{"code": "passport_term_short", "message": "有效期较短。"}]
        passport_page.save()
        assert passport_item(ready_draft).label == "已上传"


class TestOfficerCompares:
    def test_an_unreadable_zone_is_resolved_by_the_officer_and_recorded(
        self, submitted, holder, officer, client_of
    ):
        page = submitted.materials.get(number=10).pages.get()
        row = read(page, ["模糊"])
        submitted.refresh_from_db()
        with pytest.raises(MoveRefused, match="人工核对"):
            comparing.require_compared(submitted)
        client = client_of(officer)
        address = f"/applications/{submitted.pk}/pre-review/?material=10"
        answer = client.get(address)
        assert "已人工核对，与填写一致" in answer.content.decode()
        for _ in range(2):
            client.post(
                f"/applications/{submitted.pk}/pre-review/10/compare/",
                {"seen": answer.context["seen"]},
            )
        row.refresh_from_db()
        assert row.checked_by == officer
        comparing.require_compared(submitted)
        assert "人工核对，与填写一致" in client.get(address).content.decode()

    def test_typing_another_number_asks_for_another_look(
        self, ready_draft, passport_page, holder, agent, officer
    ):
        row = read(passport_page, ["模糊"])
        comparing.check_by_eye(ready_draft, 10, by=officer)
        holder.passport_number = "EJ7654322"
        intake.save_applicant(holder, changed=["passport_number"], by=agent)
        row.refresh_from_db()
        assert (row.checked_by, row.checked_at) == (None, None)

    def test_the_officer_sees_beside_the_passport_which_numbers_differ_and_where(
        self, submitted, holder, officer, client_of
    ):
        read(submitted.materials.get(number=10).pages.get(), zone(number="EJ7654391"))
        client, address = client_of(officer), f"/applications/{submitted.pk}/pre-review/"
        page = client.get(f"{address}?material=10").text
        # The picture shows the number; beside it nothing is gained by a mask.
        assert "EJ7654391" in page
        assert "EJ7654321" in page
        assert "第8位不同" in page
        for other in ("", "?material=9"):
            page = client.get(f"{address}{other}").text
            assert "EJ7654391" not in page
            assert "EJ7654321" not in page

    def test_what_was_not_tried_yet_holds_nothing_up(self, submitted):
        Recognition.objects.create(
            file=submitted.materials.get(number=10).pages.get().file, kind="text"
        )
        comparing.require_compared(submitted)


class TestPhoto:
    @pytest.mark.parametrize(
        ("faces", "turned", "code"),
        [
            ([], 0, "face_not_found"),
            ([(100, 200, 500, 600), (700, 200, 1100, 600)], 0, "face_several"),
            ([(400, 200, 900, 600)], 90, "photo_turned"),
            ([(550, 300, 700, 450)], 0, "face_small"),
            ([(10, 0, 1240, 880)], 0, "face_large"),
            ([(0, 200, 500, 600)], 0, "face_off_centre"),
            ([(400, 500, 850, 880)], 0, "face_off_centre"),
        ],
    )
    def test_a_face_that_is_not_as_it_should_be_is_a_warning(
        self, ready_draft, faces, turned, code
    ):
        read(
            ready_draft.materials.get(number=8).pages.get(), faces=faces, turned=turned, kind="face"
        )
        item = load_dossier(ready_draft).item(8)
        assert item.recognised is not None
        assert codes(item.recognised.warnings) == [code]
        assert item.is_complete

    def test_one_upright_face_in_the_middle_is_as_it_should_be(self, ready_draft):
        page = ready_draft.materials.get(number=8).pages.get()
        read(page, faces=[(375, 180, 875, 580)], kind="face")
        recognised = load_dossier(ready_draft).item(8).recognised
        assert recognised is not None
        assert recognised.warnings == ()


class TestPages:
    def test_the_agent_sees_each_difference_side_by_side_and_mends_it(
        self, ready_draft, passport_page, agent, client_of
    ):
        read(passport_page, zone(number="EJ7654327"))
        client = client_of(agent)
        page = client.get(f"/applications/{ready_draft.pk}/materials/10/").content.decode()
        assert "EJ7654327" in page
        assert "EJ7654321" in page
        assert "用护照上的内容填写（3项）" in page
        client.post(f"/applications/{ready_draft.pk}/passport/adopt/")
        page = client.get(f"/applications/{ready_draft.pk}/materials/10/").content.decode()
        assert "EJ7654321" not in page
        assert "不一致，改正之前不能提交" not in page

    @pytest.mark.parametrize(
        ("status", "number", "is_open"),
        [
            ("in_review", None, False),
            ("supplementing", 9, False),
            ("supplementing", 10, True),
            ("returned", 9, False),
            ("returned", 10, True),
            ("returned", 0, True),
        ],
    )
    def test_it_is_taken_over_only_while_the_applicants_page_would_take_it_too(
        self, submitted, holder, agent, client_of, status, number, is_open
    ):
        read(submitted.materials.get(number=10).pages.get(), zone(number="EJ7654327"))
        Application.objects.filter(pk=submitted.pk).update(status=status)
        if number is not None:
            CorrectionFactory.create(application=submitted, number=number, sent=True)
        client, case = client_of(agent), f"/applications/{submitted.pk}/"
        offered = "用护照上的内容填写" in client.get(f"{case}materials/10/").text
        said = "申请人信息已随申请提交，现在不能修改" in client.get(case).text
        changeable = intake.changeable_facts(holder)
        client.post(f"{case}passport/adopt/")
        is_taken = Applicant.objects.get(pk=holder.pk).passport_number == "EJ7654327"
        assert (offered, is_taken, said) == (is_open, is_open, not is_open)
        assert is_open == (changeable is None or "passport_number" in changeable)

    def test_without_recognition_the_page_says_that_the_officer_compares(
        self, ready_draft, passport_page, agent, client_of, settings
    ):
        settings.RECOGNITION = "off"
        Recognition.objects.create(file=passport_page.file, kind="text")
        page = client_of(agent).get(f"/applications/{ready_draft.pk}/materials/10/")
        assert "自动识别暂不可用，由专员人工核对" in page.content.decode()

    def test_uploading_asks_for_recognition_of_the_three_materials_alone(self, draft, agent):
        for number in (5, 8, 9, 10):
            stored = stored_picture(picture(number), name=f"材料{number}.jpg")
            stack = stack_of(draft, number)
            stack.lock()
            stack.put(stored, position=1, warnings=[], original=None, by=agent)
        assert [(r.file.original_name, r.kind) for r in Recognition.objects.all()] == [
            ("材料8.jpg", "face"),
            ("材料10.jpg", "text"),
        ]

    def test_reading_what_was_recognised_costs_no_query_per_page(
        self, submitted, officer, client_of, django_assert_max_num_queries, holder
    ):
        read(submitted.materials.get(number=10).pages.get(), zone())
        for _ in range(20):
            material_page(submitted, 5)
        client = client_of(officer)
        # A process reads the departments once.
        departments.known()
        with django_assert_max_num_queries(12):
            page = client.get(f"/applications/{submitted.pk}/pre-review/?material=10")
        assert page.status_code == 200
        shown = page.content.decode()
        assert all(label in shown for label in ("护照号码", "有效期至", "没有填写"))


# At the same moment -------------------------------------------------------------------------------


@pytest.mark.live
def test_taking_the_passport_over_waits_for_who_is_just_changing_the_applicant(
    transactional_db, passport_page, holder, ready_draft, agent, monkeypatch
):
    """No application is open, whose row would hold them apart: the applicant's has to."""
    read(passport_page, zone(number="EJ7654327"))
    Application.objects.filter(pk=ready_draft.pk).update(status="withdrawn")
    saved = Event()

    def slowly(action, *args, **kwargs):
        if not saved.is_set():
            saved.set()
            sleep(PATIENCE)
        return record(action, *args, **kwargs)

    monkeypatch.setattr(intake, "record", slowly)

    def act(number):
        if number == 0:
            holder.phone = "13700000000"
            return intake.save_applicant(holder, changed=["phone"], by=agent)
        assert saved.wait(timeout=20)
        return intake.adopt_passport(ready_draft, by=agent)

    at_once(2, act)
    stored = Applicant.objects.get()
    assert (stored.phone, stored.passport_number) == ("13700000000", "EJ7654327")


def test_what_was_opened_before_the_passport_was_taken_over_overwrites_nothing(
    passport_page, holder, ready_draft, agent
):
    read(passport_page, zone(number="EJ7654327"))
    opened = Applicant.objects.get()
    intake.adopt_passport(ready_draft, by=agent)
    opened.phone = "13700000000"

    with pytest.raises(Overtaken, match="已经修改过这些内容"):
        intake.save_applicant(opened, changed=["phone"], by=agent)

    stored = Applicant.objects.get()
    assert (stored.phone, stored.passport_number) == ("13900001234", "EJ7654327")
