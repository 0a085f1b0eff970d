"""Settings of the portal, read from the environment; in the order of Django's documentation.

`script/setup` writes PORTAL_DATA/env with fresh keys where none come from outside. Real
environment variables win over that file. A missing key stops the start.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from backups.half_done import refuse_half_restored
from wanzhou_abtc.environment import SQLITE, keep_trial_local, read_env_file
from wanzhou_abtc.logs import as_json, logging_by, readable
from wanzhou_abtc.office_hours import read_office_hours
from wanzhou_abtc.private_folders import make_private
from wanzhou_abtc.schedule import BEAT_SCHEDULE
from wanzhou_abtc.shared_store import bucket_of, store_of_files, store_of_keys

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
PORTAL_DATA = Path(env.str("PORTAL_DATA", str(BASE_DIR / "var"))).resolve()
refuse_half_restored(PORTAL_DATA)
# A service's keys lie in its environment, or in a file of their own outside the data folder.
KEYS_FILE = env.str("KEYS_FILE", "")
if KEYS_FILE:
    read_env_file(Path(KEYS_FILE), "KEYS_FILE 指明的文件", is_needed=True)
read_env_file(PORTAL_DATA / "env")
# What `station init` set up; both give way to the environment.
read_env_file(PORTAL_DATA / "station.env")

# Asked for by whoever starts the process, as script/serve does; never by the file.
DEBUG = env.bool("DEBUG", False)
# For trying the portal out on one machine: plain http, mail into files that anybody can read.
DEMO = env.bool("DEMO", DEBUG)


def required(name: str, how: str) -> str:
    """A setting without which nothing may start: the value, or a sentence that says what to do."""
    value: str = env.str(name, "")
    if not value:
        raise ImproperlyConfigured(f"缺少环境变量 {name}。{how}")
    return value


# Core -----------------------------------------------------------------------------------------
SECRET_KEY = required(
    "SECRET_KEY",
    "请设为一串不少于50位的随机字符，并保密。"
    "在本机试用请先运行 script/setup，它会在 PORTAL_DATA 文件夹里生成全部密钥。",
)
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"] if DEMO else [])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
ROOT_URLCONF = "wanzhou_abtc.urls"
WSGI_APPLICATION = "wanzhou_abtc.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "core",
    "finding",
    "accounts",
    "parameters",
    "workdays",
    "notices",
    "files",
    "imports",
    "materials",
    "enterprises",
    "applications",
    "reviews.signatures",
    "reviews",
    "cards",
    "letters",
    "outreach",
    "reports",
    "rights",
    "backups",
    "wanzhou_abtc",
]
MIDDLEWARE = [
    "wanzhou_abtc.logs.LogContextMiddleware",
    "wanzhou_abtc.middleware.NulMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "accounts.two_roles.ActingRoleMiddleware",
    "accounts.middleware.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.OriginMiddleware",
    "accounts.middleware.IdleMiddleware",
    "accounts.middleware.OwnPasswordMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "axes.middleware.AxesMiddleware",
    "wanzhou_abtc.middleware.WrongMethodMiddleware",
    "wanzhou_abtc.middleware.LongAddressMiddleware",
]

# Database -------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", f"sqlite:///{PORTAL_DATA / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == SQLITE:
    # Writers queue for the lock from their first statement on; readers never wait (WAL).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # The portal asks short questions. To compile one costs 100 ms and more, and saves nothing. What
    # a host holds that lost its power is free after half a minute, not after two hours.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
        "options",
        "-c jit=off -c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5"
        " -c tcp_keepalives_count=3 -c tcp_user_timeout=30000",
    )
if DEBUG or DEMO:
    keep_trial_local(engine=DATABASES["default"]["ENGINE"], hosts=ALLOWED_HOSTS, site_url=SITE_URL)

# Mail -----------------------------------------------------------------------------------------
EMAIL_URL = env.str("EMAIL_URL", "")
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
elif DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = PORTAL_DATA / "mail"
else:
    EMAIL_BACKEND = "notices.channels.no_mail.NoMailServer"
EMAIL_TIMEOUT = 20
EMAIL_USE_LOCALTIME = True
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", "abtc@wanzhou.example")
EMAIL_DOMAIN = DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")

# Notices --------------------------------------------------------------------------------------
# How long a worker may take over one message before another takes it up; longer than a task.
NOTICE_LEASE_SECONDS = env.int("NOTICE_LEASE_SECONDS", 360)
RECEIPTS = PORTAL_DATA / "receipts"
NOTICE_SWEEP_SECONDS = env.float("NOTICE_SWEEP_SECONDS", 30.0)
# Messages wait for office hours (notices/quiet_hours.py); off only where a test must not wait.
NOTICE_QUIET_HOURS = env.bool("NOTICE_QUIET_HOURS", True)
# Empty: no text messages. Otherwise a class as notices/channels/sms.py describes it.
SMS_ADAPTER: str = env.str("SMS_ADAPTER", "")
# Read where SMS_ADAPTER is notices.channels.sms.HttpSms.
SMS_GATEWAY_URL: str = env.str("SMS_GATEWAY_URL", "")
SMS_GATEWAY_TOKEN: str = env.str("SMS_GATEWAY_TOKEN", "")

# Files ----------------------------------------------------------------------------------------
MEDIA_ROOT = PORTAL_DATA / "files"
# A bucket that all hosts share, where they share no folder (ADR 82).
FILES_S3 = bucket_of(
    {
        "BUCKET": env.str("FILES_S3_BUCKET", ""),
        "ENDPOINT": env.str("FILES_S3_ENDPOINT", ""),
        "REGION": env.str("FILES_S3_REGION", "us-east-1"),
        "KEY_ID": env.str("FILES_S3_KEY_ID", ""),
        "SECRET": env.str("FILES_S3_SECRET", ""),
        "ADDRESSING": env.str("FILES_S3_ADDRESSING", "path"),
        "CA": env.str("FILES_S3_CA", ""),
    }
)
STORAGES: dict[str, dict[str, Any]] = {
    # Everything that the portal keeps goes through the first and is written by the second, which
    # never sees anything plain (ADR 69).
    "default": {"BACKEND": "files.at_rest.storage.SealedStorage"},
    "sealed_files": store_of_files(FILES_S3),
    "staticfiles": {"BACKEND": "wanzhou_abtc.static_files.ModuleStorage"},
    **store_of_keys(FILES_S3),
}
# Where an upload lies, plain, while its request lasts; best a tmpfs. Empty: the system's own.
FILE_UPLOAD_TEMP_DIR = env.str("SCRATCH", "") or None
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
MAX_UPLOAD_BYTES = 10 * 1024 * 1024
# Reads an over-long file to its end, so that its sender is told, and keeps none of it.
FILE_UPLOAD_HANDLERS = ["files.uploads.BoundedUploadHandler"]
MAX_VERIFY_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
# With less space than this left no upload is taken, so that signing and the database go on.
LEAST_FREE_BYTES = env.int("LEAST_FREE_MB", 500) * 1024 * 1024
# What an enterprise's agents may keep here altogether: before it was ever verified, and after.
QUOTA_BYTES = {
    "unverified": env.int("QUOTA_UNVERIFIED_MB", 60) * 1024 * 1024,
    "verified": env.int("QUOTA_VERIFIED_MB", 2000) * 1024 * 1024,
}
# How many requests of a host may convert, verify or draw files at a time (core/work_places.py).
WORK_PLACES = env.int("WORK_PLACES", 2)
CLAMD_SOCKET = env.str("CLAMD_SOCKET", "")
# Whether passports, licences and portraits are read by a machine: on, off, or auto (on where the
# packages of requirements-recognition.txt are installed).
RECOGNITION = env.str("RECOGNITION", "auto")
if RECOGNITION not in ("auto", "on", "off"):
    raise ImproperlyConfigured("环境变量 RECOGNITION 应为 auto、on 或 off。")
RECOGNITION_QUEUE = "recognition"

# Internationalisation ---------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["wanzhou_abtc.formats"]

# Templates and static files ---------------------------------------------------------------------
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "core.template_loading.FlushLoader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "notices.context.unread",
                "wanzhou_abtc.context.station",
            ],
            "builtins": [
                "core.templatetags.dates",
                "core.templatetags.phones",
                "core.templatetags.wording",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
STATIC_URL = "/static/"
STATIC_ROOT = PORTAL_DATA / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static" / "build"]

# Sign-in ----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.PeopleBackend",
]
PASSWORD_HASHERS = ["accounts.hashers.PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "accounts.passwords.LengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "accounts.passwords.CommonCoreValidator"},
    {"NAME": "accounts.passwords.CharacterClassesValidator"},
    {"NAME": "accounts.passwords.GuessableValidator"},
]
# How many passwords of a person may not come back, beside the present one.
PASSWORDS_REMEMBERED = env.int("PASSWORDS_REMEMBERED", 5)
# After how many days a password is to be changed at the next sign-in. 0: never.
PASSWORD_DAYS = env.int("PASSWORD_DAYS", 0)
# After how many days without a sign-in staff are asked whether they need their account, and how
# many later it is closed. 0: nobody is asked. Agents are not: a card lasts five years.
IDLE_ACCOUNT_DAYS = env.int("IDLE_ACCOUNT_DAYS", 180)
IDLE_ACCOUNT_GRACE_DAYS = env.int("IDLE_ACCOUNT_GRACE_DAYS", 14)
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
# By account and known device (accounts.sign_in.attempted_name): a whole office shares one address.
# How many failures an address may make is bounded apart (accounts.views.sign_in, ADR 32).
AXES_LOCKOUT_PARAMETERS = ["username"]
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_USERNAME_CALLABLE = "accounts.sign_in.attempted_name"
AXES_RESET_ON_SUCCESS = True
# The half hour ends when it was said to end, whoever knocks in the meantime.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "accounts.views.sign_in.locked_out"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code"]
AXES_ENABLE_ACCESS_FAILURE_LOG = True
SIGN_IN_LOG_DAYS = env.int("SIGN_IN_LOG_DAYS", 365)
IDLE_MINUTES = 30
# Accounts of liaisons and of the three administrators wait for a security administrator.
ACCOUNTS_NEED_SECOND_PERSON = env.bool("ACCOUNTS_NEED_SECOND_PERSON", not DEMO)
# Empty: nobody signs on elsewhere. Otherwise a class as accounts/sign_on/adapters.py describes it.
SIGN_ON: str = env.str("SIGN_ON", "")
SIGN_ON_LABEL = env.str("SIGN_ON_LABEL", "统一身份认证")
# Read where SIGN_ON is accounts.sign_on.oidc.OidcSignOn.
SIGN_ON_ISSUER = env.str("SIGN_ON_ISSUER", "")
SIGN_ON_CLIENT_ID = env.str("SIGN_ON_CLIENT_ID", "")
SIGN_ON_CLIENT_SECRET = env.str("SIGN_ON_CLIENT_SECRET", "")
# Read where SIGN_ON is accounts.sign_on.tickets.TicketSignOn.
SIGN_ON_LOGIN_URL = env.str("SIGN_ON_LOGIN_URL", "")
SIGN_ON_VALIDATE_URL = env.str("SIGN_ON_VALIDATE_URL", "")
# Staff open nothing before they have set up a second factor.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", False)
# Nobody signs an opinion without the second factor.
SIGNING_NEEDS_SECOND_FACTOR = env.bool("SIGNING_NEEDS_SECOND_FACTOR", False)
EMAIL_CONFIRMATION_DAYS = 3
# Of the link that sets a new password; password_reset.txt names it as an hour.
PASSWORD_RESET_TIMEOUT = 60 * 60
# Of the link by which a new member of staff sets his password.
INVITATION_DAYS = 7
# Of the link by which an applicant gives his consent.
CONSENT_LINK_DAYS = 7
# Working days in which the agents whom the station knows may object to a hand-over.
HAND_OVER_DAYS = 3
ACCOUNT_LETTERS = "notices.account_letters.AccountLetters"

# Security ---------------------------------------------------------------------------------------
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "accounts.views.kept_form.page_expired"
# How many proxies of ours stand in front; the address of a request is read through as many.
PROXIES = env.int("PROXIES", 0)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if not DEMO:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Keys that never live in the database -------------------------------------------------------------
FIELD_KEYS = required(
    "FIELD_KEYS", "请设为“编号:32字节的Base64”，如 k1:…；多个用逗号隔开，第一个用于写入。"
)
# What wraps the keys of stored files: FILE_KEYS, or a token (docs/signing.md).
FILE_MASTER_KEYS = env.str("FILE_MASTER_KEYS", "files.at_rest.master_keys.KeysOfSettings")
FILE_KEYS = env.str("FILE_KEYS", "")
# Read where FILE_MASTER_KEYS is files.at_rest.token_keys.TokenKeys: labels of keys in the token.
FILE_TOKEN_KEYS = env.str("FILE_TOKEN_KEYS", "")
if FILE_MASTER_KEYS.endswith(".KeysOfSettings"):
    FILE_KEYS = required(
        "FILE_KEYS", "请设为“编号:32字节的Base64”，如 f1:…；多个用逗号隔开，第一个用于写入。"
    )
# How stored files are encrypted: aes (AES-256-GCM), or sm4 (SM4-GCM) where national ciphers are
# called for. Reading takes either.
FILE_CIPHER = env.str("FILE_CIPHER", "aes")
if FILE_CIPHER not in ("aes", "sm4"):
    raise ImproperlyConfigured("环境变量 FILE_CIPHER 应为 aes 或 sm4。")
HASH_KEY = required("HASH_KEY", "请设为32个随机字节的Base64。")
KEYSTORE_PASSPHRASE = required("KEYSTORE_PASSPHRASE", "请设为签名证书文件（PKCS#12）的口令。")
KEYSTORE = PORTAL_DATA / "keys"
SIGNER = env.str("SIGNER", "reviews.signatures.identities.Pkcs12Identity")
# Read where SIGNER is reviews.signatures.tokens.Pkcs11Identity.
PKCS11_MODULE = env.str("PKCS11_MODULE", "")
PKCS11_TOKEN = env.str("PKCS11_TOKEN", "")
PKCS11_PIN = env.str("PKCS11_PIN", "")
TSA_URL = env.str("TSA_URL", "")
# Signed states of the audit trail, a file a day: best on another disk than the database's.
AUDIT_ANCHORS = Path(env.str("AUDIT_ANCHORS", str(PORTAL_DATA / "anchors")))

# The station: another of the city's stations has its own, by `station init` (ADR 62) --------------
STATION_NAME = env.str("STATION_NAME", "万州区APEC商务旅行卡协办服务站")
DISTRICT_NAME = env.str("DISTRICT_NAME", "万州区")
STATION_SHORT = env.str("STATION_SHORT", "万州")
# Short, because it stands twice in the second factor's QR code.
OTP_TOTP_ISSUER = f"{STATION_SHORT}ABTC"
DISTRICT_CODE = env.str("DISTRICT_CODE", "500101")
# Where people find it; the public page shows what is set.
STATION_ADDRESS = env.str("STATION_ADDRESS", "")
STATION_TRANSPORT = env.str("STATION_TRANSPORT", "")
# What the foot of a government site shows (国办发〔2017〕47号); what is empty is not shown.
SITE_FOOT = {
    "sponsor": env.str("SITE_SPONSOR", ""),
    "operator": env.str("SITE_OPERATOR", ""),
    "code": env.str("SITE_CODE", ""),
    "icp": env.str("SITE_ICP", ""),
    "police": env.str("SITE_POLICE", ""),
    "faults_url": env.str("SITE_FAULTS_URL", ""),
}
HOTLINE = env.str("HOTLINE", "023-0000 0000（演示号码）")
# How long a letter and a commitment serve, in months; not laid down anywhere, the station decides.
LETTER_VALID_MONTHS = env.int("LETTER_VALID_MONTHS", 6)
COMMITMENT_VALID_MONTHS = env.int("COMMITMENT_VALID_MONTHS", 24)
# The national system, as published in 2026; the station changes them when they change.
NATIONAL_SYSTEM_URL = env.str("NATIONAL_SYSTEM_URL", "https://consular.mfa.gov.cn/APEC/")
OFFICE_HOURS = read_office_hours(env.str("OFFICE_HOURS", "09:00-12:00,14:00-18:00"))
# What the station itself means to need, in working days; no rule lays it down. 0: it says nothing.
STATION_DAYS = {
    "verification": env.int("STATION_DAYS_VERIFICATION", 1),
    "pre_review": env.int("STATION_DAYS_PRE_REVIEW", 1),
}
# By when an enterprise is to have answered, in working days; no rule lays it down, the station
# decides. 0: it says nothing, and reminds nobody.
ANSWER_DAYS = {
    "corrections": env.int("ANSWER_DAYS_CORRECTIONS", 10),
    "supplement": env.int("ANSWER_DAYS_SUPPLEMENT", 5),
}
TARGET_DAYS = {"departments": env.int("TARGET_DEPARTMENTS", 2), "whole": env.int("TARGET_WHOLE", 3)}

# Backups (ADR 71, 72) ---------------------------------------------------------------------------
# Public keys (age) to which backups are encrypted; without one none is made.
BACKUP_RECIPIENTS = env.list("BACKUP_RECIPIENTS", default=[])
# Where they lie: the weekly drill looks there. `backup TO` names its place itself.
BACKUP_TO = env.str("BACKUP_TO", "")
# The newest of as many days, weeks and months stays; the last good one always.
BACKUP_KEEP_DAYS = env.int("BACKUP_KEEP_DAYS", 7)
BACKUP_KEEP_WEEKS = env.int("BACKUP_KEEP_WEEKS", 5)
BACKUP_KEEP_MONTHS = env.int("BACKUP_KEEP_MONTHS", 12)
# A file with a private key, outside PORTAL_DATA, for drills on this very host; empty: elsewhere.
DRILL_IDENTITY = env.str("DRILL_IDENTITY", "")
DRILL_RED_AFTER_DAYS = env.int("DRILL_RED_AFTER_DAYS", 14)

# Celery -----------------------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", "")
QUEUE_DIR = PORTAL_DATA / "queue"
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    # Redelivery after a lost worker: the longest task takes well under this many seconds.
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
        "visibility_timeout": 900,
        "unacked_restore_throttle": 1,
    }
else:
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
    }
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
CELERY_BEAT_SCHEDULE["deliver what is due"]["schedule"] = NOTICE_SWEEP_SECONDS
# One beat at a time, on whichever host: see notices/beat.py.
CELERY_BEAT_SCHEDULER = "notices.beat.LeasedScheduler"
BEAT_LEASE_SECONDS = env.int("BEAT_LEASE_SECONDS", 30)

# Logging ----------------------------------------------------------------------------------------
LOGGING = logging_by(
    readable() if DEMO else as_json(), level=env.str("LOG_LEVEL", "WARNING").upper()
)

QUEUE_FOLDERS = (QUEUE_DIR / "messages", QUEUE_DIR / "control")
make_private(PORTAL_DATA, (MEDIA_ROOT, KEYSTORE, RECEIPTS, *QUEUE_FOLDERS))
