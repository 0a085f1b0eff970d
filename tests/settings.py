"""Settings of a test run: the portal's own, in a folder and with keys of the run's own.

DATABASE_URL and REDIS_URL are set by `tests.run`; without them SQLite and the filesystem queue
are used, which is enough for most single tests. Importing this module makes the folder, and the
end of the process removes it.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.unknown_variable import UnknownVariable

FOLDER = Path(tempfile.mkdtemp(prefix="portal-test-"))
(FOLDER / "staticfiles").mkdir()
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

for name in ("DEBUG", "DEMO"):
    os.environ.pop(name, None)
os.environ.update(
    PORTAL_DATA=str(FOLDER),
    SECRET_KEY="only-for-tests-only-for-tests-only-for-tests-only-for-tests",
    FIELD_KEYS="k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    FILE_KEYS="f1:YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODk=",
    HASH_KEY="ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=",
    KEYSTORE_PASSPHRASE="only for tests",
    SITE_URL="http://127.0.0.1:8000",
    ALLOWED_HOSTS="127.0.0.1,localhost",
    # A service without https: the test client, the browser and the benchmarks speak plain http.
    SECURE_SSL_REDIRECT="false",
    EMAIL_URL="",
    EMAIL_FROM="abtc@wanzhou.example",
    CLAMD_SOCKET="",
    TSA_URL="",
    SIGNER="reviews.signatures.identities.Pkcs12Identity",
    LOG_LEVEL="WARNING",
    NOTICE_QUIET_HOURS="false",
    # Tests of it switch it on.
    ACCOUNTS_NEED_SECOND_PERSON="false",
)

# Each parallel run keeps its own Redis database, as each keeps its own PostgreSQL database.
if os.environ.get("REDIS_URL"):
    number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    os.environ["REDIS_URL"] = os.environ["REDIS_URL"].rpartition("/")[0] + "/" + number

from wanzhou_abtc.settings import *  # noqa: E402, F403
from wanzhou_abtc.settings import DATABASES, EMAIL_URL, MIDDLEWARE, TEMPLATES  # noqa: E402

TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UnknownVariable()
MIDDLEWARE.insert(0, "tests.read_only_get.ReadOnlyGetMiddleware")
if not EMAIL_URL:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = FOLDER / "mail"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "files.at_rest.storage.SealedStorage"},
    "sealed_files": {
        "BACKEND": "files.at_rest.folder.FolderStorage",
        # Nothing of a test is to outlast a power failure.
        "OPTIONS": {"is_durable": False},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # A file, not memory: the live server's threads and a worker process read the same data.
    DATABASES["default"]["TEST"] = {"NAME": str(FOLDER / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ["TEST_TEMPLATE"]}
