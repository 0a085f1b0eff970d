"""Preparation of a start: `python -m wanzhou_abtc.prepare`. Safe to repeat; data is kept."""

import io
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.utils.module_loading import import_string

from backups.holds import refuse_held_database
from core.faults import fault_words
from wanzhou_abtc.private_folders import tighten
from wanzhou_abtc.supervisor import DEMO_ACCOUNTS, say


def prepare() -> None:
    """Bring database, certificates and static files up to date; at first, demonstration data."""
    refuse_held_database()
    tighten(settings.PORTAL_DATA)
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    call_command("check", tags=["printing"], stdout=io.StringIO())
    # By name, as all that needs Django set up. Before anything is written, also by a migration.
    require_all_keys = import_string("files.at_rest.key_ring.require_all_keys")
    keys_in_use = import_string("core.models.KeyInUse").objects
    require_all_keys()
    call_command("migrate", verbosity=0)
    if not keys_in_use.filter(kind="file").exists():
        import_string("files.at_rest.rotating.seal_plain_files")()
    require_all_keys()
    call_command("certificates", "ensure")
    call_command("collectstatic", interactive=False, verbosity=0)
    if not settings.DEMO:
        return
    accounts = Path(settings.PORTAL_DATA) / DEMO_ACCOUNTS
    if not accounts.exists():
        say("第一次启动，正在建立演示数据…")
        printed = io.StringIO()
        call_command("demo", allow_production=True, stdout=printed)
        accounts.write_text(printed.getvalue(), encoding="utf-8")


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wanzhou_abtc.settings")
    try:
        django.setup()
        prepare()
    except (ImproperlyConfigured, CommandError) as problem:
        print(problem, file=sys.stderr)
        return 1
    except Exception as error:
        words = fault_words(error)
        if not words:
            raise
        print(f"门户没有启动：{words}。", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
