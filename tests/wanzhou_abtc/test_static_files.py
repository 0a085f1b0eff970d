"""Static files as a service serves them: named by content, imports of scripts as well."""

import json
import posixpath
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django import Settings

from wanzhou_abtc import settings as production

# What begins a statement, and what is fetched only when it is wanted.
IMPORTED = re.compile(
    r"""(?:(?:^|(?<=;))(?:import|export)\b(?:[^"';()]*\bfrom)?\s*|\bimport\()["'](\.[^"']+|[^"'./][^"']*\.js)["']""",
    re.MULTILINE,
)


@pytest.fixture
def collected(tmp_path: Path, settings: Settings) -> tuple[Path, dict[str, str]]:
    """The folder of collected files, and the name by content of each."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": production.STORAGES["staticfiles"]}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path, json.loads((tmp_path / "staticfiles.json").read_text())["paths"]


def scripts() -> list[str]:
    folder = Path(settings.STATICFILES_DIRS[0])
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*.js")]


def test_every_import_names_a_file_by_its_content(
    collected: tuple[Path, dict[str, str]],
) -> None:
    folder, names = collected
    imports = 0
    for script in scripts():
        served = names[script]
        for imported in IMPORTED.findall((folder / served).read_text()):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(served), imported))
            assert imported.startswith("."), f"{script}: {imported} has no place"
            assert target in names.values(), f"{script}: {imported} keeps its plain name"
            assert (folder / target).is_file(), f"{script}: {imported} is missing"
            imports += 1
    assert imports > 10


def test_a_script_that_imports_a_changed_one_gets_another_name(
    tmp_path: Path, settings: Settings
) -> None:
    """Otherwise a browser would go on with the old one for as long as it keeps files."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "page.js").write_text('import { say } from "./words.js";\nsay();\n')
    settings.STATICFILES_DIRS = [source]
    settings.STORAGES = settings.STORAGES | {"staticfiles": production.STORAGES["staticfiles"]}
    names = []
    for turn in ("before", "after"):
        (source / "words.js").write_text(f'export function say() {{\n  alert("{turn}");\n}}\n')
        settings.STATIC_ROOT = tmp_path / turn
        call_command("collectstatic", interactive=False, verbosity=0)
        names.append(json.loads((tmp_path / turn / "staticfiles.json").read_text())["paths"])
    assert names[0]["words.js"] != names[1]["words.js"]
    assert names[0]["page.js"] != names[1]["page.js"]


def test_our_scripts_share_no_globals() -> None:
    """Each is a module: what it uses of another it imports."""
    for path in (production.BASE_DIR / "templates").rglob("*.html"):
        for tag in re.findall(r"<script\b[^>]*>", path.read_text()):
            assert 'type="module"' in tag, f"{path}: {tag}"
