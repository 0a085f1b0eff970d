"""Migrations keep nobody from working: an index of a table in use is made online."""

from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddIndex, CreateModel

from core.online_indexes import AddIndexOnline

# The last of each room that was made before there was such a rule.
BEFORE = {
    "accounts": 9, "applications": 17, "cards": 14, "enterprises": 11, "files": 3, "finding": 3,
    "imports": 2, "letters": 3, "notices": 5, "outreach": 8, "parameters": 1, "reports": 1,
    "reviews": 9, "signatures": 1, "workdays": 1,
}  # fmt: skip


def test_no_migration_makes_an_index_while_nobody_may_write() -> None:
    wrong = []
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        if app not in BEFORE or int(name[:4]) <= BEFORE[app]:
            continue
        new = {one.name_lower for one in migration.operations if isinstance(one, CreateModel)}
        for one in migration.operations:
            if isinstance(one, AddIndexOnline):
                if migration.atomic:
                    wrong.append(f"{app}.{name} is atomic")
            elif isinstance(one, AddIndex) and one.model_name_lower not in new:
                wrong.append(f"{app}.{name}: {one.index.name}")
    assert wrong == []
