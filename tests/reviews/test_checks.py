"""The start says what the machine lacks for printing the table."""

import io
from unittest import mock

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

MISSING = "缺少字体“LXGW WenKai”：审核表会改样，生僻字可能印不出。请安装 fonts-lxgw-wenkai。"


def test_what_is_missing_stops_the_start_and_names_the_package() -> None:
    with (
        mock.patch("core.system_checks.check_renderer", return_value=[MISSING]),
        pytest.raises(SystemCheckError, match="请安装 fonts-lxgw-wenkai"),
    ):
        call_command("check", tags=["printing"])


def test_where_all_is_there_nothing_is_said() -> None:
    said = io.StringIO()
    call_command("check", tags=["printing"], stdout=said)
    assert "no issues" in said.getvalue()
