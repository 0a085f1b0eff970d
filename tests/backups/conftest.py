"""A place of backups, a key pair, and some rows with files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pyrage.x25519 import Identity

from accounts import audit
from accounts.models import User
from backups.places import BackupPlace
from files.models import StoredFile
from tests.factories import DemandFactory, UserFactory, picture, stored_picture

Run = Callable[..., tuple[dict[str, Any], int]]


@pytest.fixture
def identity(settings: Any) -> Identity:
    """The private key that the server does not have; its public key is in the settings."""
    made = Identity.generate()
    settings.BACKUP_RECIPIENTS = [str(made.to_public())]
    return made


@pytest.fixture
def key_file(identity: Identity, tmp_path: Path) -> Path:
    path = tmp_path / "key.txt"
    path.write_text(f"# 离线保存\n{identity}\n", encoding="utf-8")
    return path


@pytest.fixture
def place(tmp_path: Path) -> BackupPlace:
    return BackupPlace(tmp_path / "backups")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """A command's answer and exit code."""

    def call(name: str, *arguments: str) -> tuple[dict[str, Any], int]:
        capsys.readouterr()
        status = 0
        try:
            call_command(name, *arguments)
        except SystemExit as left:
            status = int(str(left.code))
        return json.loads(capsys.readouterr().out), status

    return call


def some_rows() -> list[StoredFile]:
    """People with encrypted numbers, a row with JSON and a generated column, a trail, files."""
    person: User = UserFactory.create(officer=True, username="zhuanyuan-1", name="专员\t甲\\乙")
    person.phone = "023-58000000"
    person.save()
    DemandFactory.create(name="重庆市万州区样例贸易有限公司", economies=["SGP", "AUS"])
    audit.record("account.sign_in", person, by=person, after={"乙": 1, "甲": [True, None, 0.5]})
    # The last number is given out and its row gone: nobody may get it again.
    DemandFactory.create().delete()
    return [stored_picture(picture(number)) for number in (1, 2, 3)]
