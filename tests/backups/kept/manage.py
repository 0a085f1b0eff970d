"""The portal's commands, with the kept schema instead of all migrations: seconds, not a minute.

A return into an empty database makes the tables first. Here it takes those that the suite keeps
(`tests.kept_schema`), or migrates and keeps them. `BASE_DIR` leads here, so that a command that
starts another one starts it the same way.
"""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

import django  # noqa: E402 # the path comes first
from django.conf import settings  # noqa: E402
from django.core.exceptions import ImproperlyConfigured  # noqa: E402
from django.core.management import call_command  # noqa: E402

import manage  # noqa: E402
from tests import kept_schema  # noqa: E402
from tests.temporary_services import database_program  # noqa: E402


def from_kept() -> None:
    """In the place of `returning.make_tables`; the hold that stands there stays."""
    from django.db import connection

    from backups import holds

    words = holds.words_of_hold()
    holds.release_database()
    if connection.vendor == "sqlite":
        _into_sqlite(Path(str(connection.settings_dict["NAME"])))
    else:
        kept = kept_schema.kept(".sql")
        if kept.exists():
            address = os.environ["DATABASE_URL"]
            command = [database_program("psql"), "-qX", "-v", "ON_ERROR_STOP=1", "-f", str(kept)]
            subprocess.run([*command, address], check=True, stdout=subprocess.DEVNULL)
    holds.hold_database(words)
    call_command("migrate", verbosity=0)


def _into_sqlite(target: Path) -> None:
    from django.db import connection

    kept = kept_schema.kept(".sqlite3")
    if not kept.exists():
        call_command("migrate", verbosity=0)
        connection.close()
        kept_schema.keep(kept, partial(_copied, target))
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(kept)) as source:
        source.backup(connection.connection)
    connection.close()


def _copied(source: Path, target: Path) -> None:
    target.write_bytes(source.read_bytes())


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wanzhou_abtc.settings")
    try:
        django.setup()
    except ImproperlyConfigured as problem:
        manage.stop(sys.argv, str(problem))
    from backups import returning

    settings.BASE_DIR = Path(__file__).parent
    returning.make_tables = from_kept
    manage.main(sys.argv)


if __name__ == "__main__":
    main()
