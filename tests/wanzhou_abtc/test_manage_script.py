"""`script/manage` where the portal cannot be made ready: who asks by program reads an answer."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings


@pytest.fixture
def unready(tmp_path: Path) -> Path:
    """A copy whose `script/setup` fails."""
    script = tmp_path / "script"
    script.mkdir()
    shutil.copy(Path(settings.BASE_DIR) / "script" / "manage", script / "manage")
    (script / "setup").write_text("#!/bin/sh\nexit 1\n")
    (script / "setup").chmod(0o755)
    return script / "manage"


def answered(manage: Path, *arguments: str) -> tuple[int, Any]:
    done = subprocess.run([str(manage), *arguments], capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


def test_a_template_is_not_accepted_with_the_reason_in_its_problems(unready: Path) -> None:
    code, answer = answered(unready, "check_template", "letter.docx")
    assert (code, answer["accepted"], answer["fields"]) == (2, False, [])
    [problem] = answer["problems"]
    assert problem["code"] == "unreadable"
    assert "没有准备好" in problem["message"]


def test_the_stage_report_says_the_error(unready: Path) -> None:
    code, answer = answered(unready, "stage_report", "2026-01-01", "2026-06-30", "--json")
    assert code == 2
    assert list(answer) == ["error"]
