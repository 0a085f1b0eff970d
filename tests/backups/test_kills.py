"""A few of the sixty kills of `script/bench kills`: what is left is never taken for whole."""

import random
from pathlib import Path

import pytest
from pyrage.x25519 import Identity

from backups.places import BackupPlace
from tests.backups.conftest import Run, some_rows
from tests.benchmarks.killed import Kills, start

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.live]


def test_what_is_killed_is_never_called_good(
    identity: Identity, place: BackupPlace, key_file: Path, run: Run, tmp_path: Path
) -> None:
    some_rows()
    answer, _ = run("backup", str(place.root))
    station = tmp_path / "station"
    station.mkdir()
    source = str(place.snapshots / answer["snapshot"])
    arguments = ["restore", source, "--into", str(station), "--identity", str(key_file)]
    assert start(arguments, station, identity).wait() == 0
    longest = {"backup": 1.0, "restore": 4.0, "move": 6.0}
    kills = Kills(station, place, identity, random.Random(), longest)
    for what in longest:
        kills.round(what)
    assert kills.found.total() == 3
