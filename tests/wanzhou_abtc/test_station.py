"""A station as a file: out, in, and out again the same; refused in words where it is wrong."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts import departments
from accounts.models import AuditEvent, Department
from applications.models import Application
from cards.models import StationText
from outreach.models import Flow, Question
from parameters.values import number
from reviews.annex4 import section_of, verifier_of
from reviews.signatures.certificates import authority
from reviews.signatures.certificates.register import current
from tests.conftest import ClientOf
from tests.factories import liaison
from tests.other_station import other_station
from wanzhou_abtc.station import file, identity

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.PORTAL_DATA = tmp_path
    yield
    departments.forget()


@pytest.fixture
def other() -> dict[str, Any]:
    return other_station()


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[dict[str, Any], int]:
    capsys.readouterr()
    status = 0
    try:
        call_command("station", *arguments)
    except SystemExit as left:
        status = int(str(left.code))
    return json.loads(capsys.readouterr().out), status


def written(content: dict[str, Any], folder: Path, name: str = "station.json") -> str:
    path = folder / name
    path.write_text(file.as_text(content), encoding="utf-8")
    return str(path)


def test_a_station_comes_out_of_its_file_as_it_went_in(
    other: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(other, tmp_path)
    answer, status = run(capsys, "init", path)
    assert (status, answer["accepted"]) == (0, True)
    assert answer["changed"]["departments"] == 6
    assert answer["changed"]["parameters"] == 1
    exported, _ = run(capsys, "export")
    assert exported == json.loads(Path(path).read_text())
    # Once more changes nothing, and says so.
    before = AuditEvent.objects.count()
    answer, _ = run(capsys, "init", path)
    assert set(answer["changed"].values()) == {0}
    assert AuditEvent.objects.count() == before


def test_what_the_file_says_holds_at_once(
    other: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    run(capsys, "init", written(other, tmp_path))
    names = list(Department.objects.values_list("name", flat=True))
    assert names == ["区税务分局", "区公安局", "区市场监管局", "区政府外办"]
    market = Department.objects.get(code="market")
    assert market.full_name == "黔江区市场监管局"
    section = section_of(market)
    assert (section.title_lines[0], section.materials, section.fields) == (
        "区市场监管局",
        (2, 4),
        (),
    )
    # Nobody verifies insurance before the last, who reads everything.
    assert (verifier_of(4), verifier_of(7)) == ("区市场监管局", "区政府外办")
    assert (settings.TARGET_DAYS["whole"], number("cards.cancel_days")) == (4, 45)
    assert StationText.objects.newest("checklist").text.endswith("有没有张贴须知")
    assert Flow.objects.latest("number").source == "黔江区的实施方案"
    assert Question.objects.filter(is_shown=False).count() == 1
    event = AuditEvent.objects.get(action="station.init")
    assert event.object_label == "黔江区APEC商务旅行卡协办服务站"


def test_the_file_is_read_at_the_next_start_and_the_environment_wins(
    other: dict[str, Any],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = written(other, tmp_path)
    monkeypatch.setenv("HOTLINE", "023-58000000")
    answer, status = run(capsys, "init", path)
    assert status == 1
    assert "HOTLINE" in answer["problems"][0]["words"]
    assert Department.objects.count() == 5
    monkeypatch.delenv("HOTLINE")
    run(capsys, "init", path)
    assert identity.kept()["HOTLINE"] == "023-79000000"
    assert identity.kept()["TARGET_WHOLE"] == "4"


def test_live_cases_are_not_overwritten_unless_told(
    other: dict[str, Any],
    draft: Application,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    settings: Any,
) -> None:
    path = written(other, tmp_path)
    answer, status = run(capsys, "init", path)
    assert status == 1
    assert "有1件在办，没有改动" in answer["problems"][0]["words"]
    assert (Department.objects.count(), settings.DISTRICT_NAME) == (5, "万州区")
    assert not (tmp_path / "station.env").exists()
    assert run(capsys, "init", path, "--over-live-cases")[1] == 0
    assert Department.objects.count() == 4


def test_a_department_with_people_is_not_taken_away(
    other: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    liaison("social")
    answer, status = run(capsys, "init", written(other, tmp_path))
    assert status == 1
    assert "“区人力社保局”（social）不能去掉，已有：用户1件" in answer["problems"][0]["words"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda one: one["station"].update(name=""), "没有填写"),
        (lambda one: one["station"].update(district="黔江"), "应像“样例区”这样"),
        (lambda one: one["station"].update(hotline='023"; x'), "不对"),
        (lambda one: one["station"].update(office_hours="9-5"), "09:00-12:00"),
        (lambda one: one["targets"].update(whole=1), "不能短于"),
        (lambda one: one["targets"].update(whole=True), "1到60的整数"),
        (lambda one: one.update(colour="红"), "不认识：colour"),
        (lambda one: one["departments"].pop(), "应有一个部门最后签署"),
        (lambda one: one["departments"][0].update(section="x"), "没有这样的栏目"),
        (lambda one: one["departments"][0].update(code="police"), "code相同"),
        (lambda one: one["departments"][0].update(materials=[99]), "材料编号的列表"),
        (lambda one: one["parameters"][0].update(code="x.y"), "没有代码为“x.y”的参数"),
        (lambda one: one["parameters"][0]["values"][0].update(value="-1"), "之间"),
        (lambda one: one["parameters"][0]["values"][0].update(valid_from="昨天"), "应是日期"),
        (lambda one: one["texts"][0].update(text="没有空格"), "缺少空格"),
        (lambda one: one["rules"].update(document={}), "rules.document"),
        (lambda one: one["questions"][0].update(review_by=None), "应是日期"),
        (lambda one: one["return_reasons"][0].update(numbers=[99]), "材料编号的列表"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_nothing_is_written(
    other: dict[str, Any],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: Any,
    words: str,
) -> None:
    change(other)
    answer, status = run(capsys, "init", written(other, tmp_path))
    assert (status, answer["accepted"]) == (1, False)
    assert any(words in f"{one['place']} {one['words']}" for one in answer["problems"])
    assert Department.objects.filter(code="social").exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "JSON"),
        (b"[1]", "不是服务站的设置文件"),
        (b'{"format": "abtc-station", "version": 2}', "第2版的格式"),
        (b"\xff\xfe", "不是UTF-8"),
        (b"[" * 100_000, "读不懂"),
    ],
)
def test_what_is_no_station_s_file_is_unreadable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, words: str
) -> None:
    path = tmp_path / "other.json"
    path.write_bytes(data)
    answer, status = run(capsys, "init", str(path))
    assert status == 2
    assert words in answer["error"]
    assert run(capsys, "init", str(tmp_path / "none.json"))[1] == 2
    assert run(capsys, "init")[1] == 2


def test_toml_says_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "station.toml"
    lines = ['format = "abtc-station"', "version = 1", "[station]"]
    station = file.export()["station"] | {"hotline": "023-79000000"}
    lines += [f'{key} = "{value}"' for key, value in station.items()]
    lines += ["[targets]", *(f"{key} = {value}" for key, value in file.export()["targets"].items())]
    lines += [
        "[[parameters]]",
        'code = "cards.cancel_days"',
        '[[parameters.values]]\nvalue = 20\nvalid_from = 2026-01-01\nsource = "本站约定"',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    answer, status = run(capsys, "init", str(path))
    assert (status, answer["changed"]["parameters"]) == (0, 1)
    assert number("cards.cancel_days") == 20


def test_certificates_are_made_out_to_the_new_names(
    other: dict[str, Any],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    settings: Any,
    client_of: ClientOf,
) -> None:
    settings.KEYSTORE = tmp_path
    authority.ensure()
    run(capsys, "init", written(other, tmp_path))
    tax = current(Department.objects.get(code="tax"))
    station = current(None)
    assert tax is not None
    assert station is not None
    assert (tax.common_name, station.common_name) == (
        "黔江区税务分局",
        "黔江区APEC商务旅行卡协办服务站",
    )
