"""The migrated, empty database, kept between runs in pytest's cache: a run then begins at once.

It is kept under a mark of what the migrations read, so that a change of any of them migrates anew;
`migrate` runs on the copy all the same.
"""

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".pytest_cache" / "database"
# Migrations, what they call, and the texts that they write.
READ = (
    "*/migrations/*.py",
    "core/*.py",
    "parameters/*.py",
    "*/parameters.py",
    "*/seed*.py",
    "materials/reasons*.py",
    "*/*/first_*.json",
    "*/first_texts/*",
)


def kept(suffix: str) -> Path:
    """Where the database of today's migrations is kept, whether or not it is there yet."""
    return FOLDER / f"{_mark()}{suffix}"


def keep(path: Path, write: Callable[[Path], None]) -> None:
    """Write it aside and put it in its place whole; what was kept before goes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    write(aside)
    for older in path.parent.glob(f"*{path.suffix}"):
        older.unlink(missing_ok=True)
    aside.replace(path)


def copy_to(target: Path, path: Path) -> bool:
    """Whether there was one to copy."""
    if not path.exists():
        return False
    shutil.copyfile(path, target)
    return True


def _mark() -> str:
    digest = hashlib.sha256(django.__version__.encode())
    for path in sorted({path for pattern in READ for path in ROOT.glob(pattern)}):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:24]
