"""Anchors of the audit trail: signed outside the database, and proof for strangers."""

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from asn1crypto import cms
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.audit import record
from accounts.models import AuditEvent, AuditSeal, Department, User
from reviews.signatures.anchors import check_export, checking, writing
from reviews.signatures.anchors.writing import anchor_day
from reviews.signatures.certificates import authority
from reviews.signatures.certificates.roots import own_roots
from reviews.signatures.identities import identity_for
from reviews.signatures.tasks import anchor_audit_trail
from tests.made_once import same_keys
from tests.reviews.signatures.test_timestamps import (
    TimeStampAuthority,
    time_stamp_authority,  # noqa: F401 - fixture
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def anchored(settings: Any, tmp_path: Path, officer: User) -> Path:
    """Two rows a day on three days, each day anchored; the folder of the anchors."""
    settings.KEYSTORE, settings.AUDIT_ANCHORS = tmp_path / "keys", tmp_path / "anchors"
    for folder in (settings.KEYSTORE, settings.AUDIT_ANCHORS):
        folder.mkdir(mode=0o700)
    with time_machine.travel(datetime(2026, 11, 1, tzinfo=UTC), tick=False), same_keys():
        authority.ensure()
    for day in (24, 25, 26):
        with time_machine.travel(datetime(2026, 11, day, 2, tzinfo=UTC), tick=False):
            record("audit.check", officer, by=officer, after={"outcome": f"甲{day}"})
            record("audit.check", officer, by=officer, after={"outcome": f"乙{day}"})
        with time_machine.travel(datetime(2026, 11, day, 6, tzinfo=UTC), tick=False):
            assert anchor_day()
            assert anchor_day() is None, "once a day"
    return tmp_path / "anchors"


def export(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, dict[str, Any]]:
    status = 0
    try:
        call_command("export_audit", *args)
    except SystemExit as left:
        status = int(left.code or 0)
    return status, json.loads(capsys.readouterr().out)


def checked(folder: Path) -> tuple[int, dict[str, Any]]:
    """By the program in it, in a Python that knows nothing of the portal."""
    program = [sys.executable, "-I", str(folder / "check_export.py")]
    done = subprocess.run(program, capture_output=True, check=False, cwd="/")
    assert not done.stderr
    return done.returncode, json.loads(done.stdout)


def test_a_stranger_checks_a_period_without_the_portal(
    anchored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "export"
    status, answer = export(capsys, "2026-11-25", "2026-11-25", str(to))
    assert (status, answer["anchored"], answer["anchors"]) == (0, True, 2)
    # That the day was anchored is a row of that day, and sealed with those of the next.
    told = {"good": True, "seals": 2, "rows": answer["rows"], "anchored": True}
    assert checked(to) == (0, {**told, "anchors": 2, "wrong": []})
    rows = (to / "rows.jsonl").read_text().splitlines()
    assert "甲25" in "".join(rows)
    assert "甲24" not in "".join(rows)

    def with_change(change: Any) -> tuple[int, dict[str, Any]]:
        shutil.copytree(to, other := tmp_path / f"other{len(list(tmp_path.iterdir()))}")
        change(other)
        return checked(other)

    def rewrite(name: str, old: str, new: str) -> Any:
        def change(folder: Path) -> None:
            text = (folder / name).read_text()
            assert old in text
            (folder / name).write_text(text.replace(old, new))

        return change

    status, said_then = with_change(rewrite("rows.jsonl", "甲25", "丙25"))
    assert (status, len(said_then["wrong"])) == (1, 1)
    assert with_change(rewrite("seals.json", '"rows": ', '"rows": 1'))[0] == 1
    assert with_change(lambda folder: (folder / "seals.json").unlink())[0] == 2
    assert with_change(rewrite("roots.pem", "BEGIN", "BEGUN"))[0] == 1
    digest = json.loads((to / "seals.json").read_text())["digest_before"]
    assert with_change(rewrite("seals.json", digest, "0" * 64))[0] == 1

    def forge(folder: Path) -> None:
        path = max((folder / "anchors").iterdir())
        data = path.read_bytes()
        path.write_bytes(data.replace(b'"last_row": ', b'"last_row":1'))

    assert with_change(forge)[0] == 1


def test_the_command_says_that_the_anchors_hold(
    anchored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("check_audit")
    assert "锚定3份，最近的是anchor-2026-11-26.p7m。" in capsys.readouterr().out
    rows = AuditEvent.objects.filter(action="audit.anchor")
    assert [row.actor_label for row in rows] == ["系统"] * 3


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("first is gone", "前一份anchor-2026-11-24.p7m不在，或者被换过"),
        ("last is gone", "anchor-2026-11-26.p7m：文件不见了"),
        ("one is cut", "不是锚定文件，或者损坏了"),
        ("one is changed", "签名不符，内容被改动过"),
        ("the trail is another", "封存与锚定时不同"),
    ],
)
def test_what_does_not_hold_is_named(
    anchored: Path, fault: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _, last = sorted(anchored.iterdir())
    data = last.read_bytes()
    if fault == "first is gone":
        first.unlink()
    elif fault == "last is gone":
        last.unlink()
    elif fault == "one is cut":
        last.write_bytes(data[:-20])
    elif fault == "one is changed":
        last.write_bytes(data.replace(b'"last_row": ', b'"last_row":1'))
    else:
        # The database refuses a change of a seal; somebody with its files would not ask it.
        found = AuditSeal(last_event_id=1, digest="0" * 64)
        monkeypatch.setattr(
            AuditSeal.objects,
            "filter",
            lambda **_: type("Q", (), {"first": lambda _: found})(),
        )
        assert any(words in one for one in checking.told_of_anchors()[1])
        return
    with pytest.raises(CommandError, match=words):
        call_command("check_audit")


def test_another_s_signature_is_none_of_ours(
    anchored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tax = Department.objects.get(code="tax")
    monkeypatch.setattr(writing, "identity_for", lambda _station: identity_for(tax))
    with time_machine.travel(datetime(2026, 11, 27, 6, tzinfo=UTC), tick=False):
        path = anchor_day()
    assert path
    with pytest.raises(checking.AnchorBroken, match="不是本服务站的证书"):
        checking.read_anchor(path.read_bytes())


def test_without_a_key_the_next_hour_tries_again(
    anchored: Path, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with time_machine.travel(datetime(2026, 11, 27, 6, tzinfo=UTC), tick=False):
        keys, settings.KEYSTORE = settings.KEYSTORE, anchored / "none"
        anchor_audit_trail()
        assert "下个小时再试" in caplog.text
        settings.KEYSTORE = keys
        anchor_audit_trail()
    assert len(list(anchored.iterdir())) == 4


def test_a_silent_time_stamp_authority_is_asked_again_until_the_evening(
    anchored: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TSA_URL = "http://127.0.0.1:9/"
    with time_machine.travel(datetime(2026, 11, 27, 6, tzinfo=UTC), tick=False):
        anchor_audit_trail()
    assert len(list(anchored.iterdir())) == 3
    with time_machine.travel(datetime(2026, 11, 27, 12, 30, tzinfo=UTC), tick=False):
        anchor_audit_trail()
    assert len(list(anchored.iterdir())) == 4


def test_an_authority_vouches_for_the_time_and_openssl_still_reads_it(
    anchored: Path,
    time_stamp_authority: TimeStampAuthority,  # noqa: F811
) -> None:
    with time_machine.travel(datetime(2026, 11, 27, 6, tzinfo=UTC), tick=False):
        path = anchor_day()
    assert path
    assert checking.read_anchor(path.read_bytes()).is_time_stamped
    assert not checking.read_anchor(min(anchored.iterdir()).read_bytes()).is_time_stamped
    roots = anchored.parent / "roots.pem"
    roots.write_text("".join(root.certificate_pem for root in own_roots()))
    told = check_export.signed(anchored.parent, path)
    assert told
    assert told["previous"] == "anchor-2026-11-26.p7m"


def test_before_anything_was_sealed_there_is_none(settings: Any, tmp_path: Path) -> None:
    settings.AUDIT_ANCHORS = tmp_path
    assert anchor_day() is None
    assert checking.told_of_anchors() == ("还没有锚定", [])


@pytest.mark.parametrize(
    "args",
    [["2026-11-30", "2026-11-01", "x"], ["昨天", "2026-11-30", "x"], ["2026-02-30"] * 3, ["x"],
     ["2020-01-01", "2020-01-02", "x"]],
)  # fmt: skip
def test_wrong_words_get_one_answer(
    db: None, args: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status, answer = export(capsys, *args)
    assert status == 2
    assert answer["error"]


def test_an_anchor_is_a_message_of_the_standard_with_its_content(anchored: Path) -> None:
    data = min(anchored.iterdir()).read_bytes()
    signed = cms.ContentInfo.load(data)["content"]
    told = json.loads(signed["encap_content_info"]["content"].native)
    assert told["seal"] == AuditSeal.objects.order_by("pk")[0].pk
    assert (told["previous"], told["previous_sha256"]) == ("", "")
    assert told["at"] == "2026-11-24T14:00:00+08:00"
    assert timezone.now() > datetime(2026, 11, 24, tzinfo=UTC) + timedelta(hours=1)
    assert writing.anchors()[0].stat().st_mode & 0o077 == 0
