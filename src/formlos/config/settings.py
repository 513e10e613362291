"""Django's settings, derived from the environment; operators set variables (docs/settings.md), not this file."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from formlos.base.hosts import is_loopback
from formlos.base.secret_files import read_or_create, secret_folder
from formlos.config import databases, logs
from formlos.config.environment import PROJECT, read_environment

ENVIRONMENT = read_environment()
HOME = ENVIRONMENT.home
ROLE = ENVIRONMENT["FORMLOS_ROLE"]
SERVICES_FOLDER = ENVIRONMENT["FORMLOS_SERVICES"]
PUBLIC_URL = ENVIRONMENT["FORMLOS_PUBLIC_URL"]
EXCHANGE_URL = ENVIRONMENT["FORMLOS_EXCHANGE_URL"]
WALLET_URL = ENVIRONMENT["FORMLOS_WALLET_URL"]
IDP_URL = ENVIRONMENT["FORMLOS_IDP_URL"]
DEMO = ENVIRONMENT["FORMLOS_DEMO"]
VERIFIER = {
    "prefix": ENVIRONMENT["FORMLOS_VERIFIER_CLIENT_ID"],
    "mode": ENVIRONMENT["FORMLOS_VERIFIER_RESPONSE_MODE"],
    "certificate_file": ENVIRONMENT["FORMLOS_VERIFIER_CERTIFICATE_FILE"],
    "key_file": ENVIRONMENT["FORMLOS_VERIFIER_KEY_FILE"],
}
FINDER_MODEL = {
    "address": ENVIRONMENT["FORMLOS_FINDER_MODEL_URL"],
    "name": ENVIRONMENT["FORMLOS_FINDER_MODEL"],
    "key_file": ENVIRONMENT["FORMLOS_FINDER_MODEL_KEY_FILE"],
}
EXCHANGE = {
    "timeout": ENVIRONMENT["FORMLOS_EXCHANGE_TIMEOUT_SECONDS"],
    "retry_first": ENVIRONMENT["FORMLOS_EXCHANGE_RETRY_SECONDS"],
    "retry_longest": ENVIRONMENT["FORMLOS_EXCHANGE_LONGEST_RETRY_SECONDS"],
    "give_up_hours": ENVIRONMENT["FORMLOS_EXCHANGE_GIVE_UP_HOURS"],
    "lease": max(ENVIRONMENT["FORMLOS_STALLED_SECONDS"], 2 * ENVIRONMENT["FORMLOS_EXCHANGE_TIMEOUT_SECONDS"]),
}

DEBUG = ENVIRONMENT["FORMLOS_DEBUG"]
SECRET_KEY = ENVIRONMENT["FORMLOS_SECRET_KEY"] or read_or_create(secret_folder(HOME) / "cookies")
NODE_KEY_FILE = ENVIRONMENT["FORMLOS_NODE_KEY_FILE"] or secret_folder(HOME) / "node.key"

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "formlos.base",
    "formlos.base.ui",
    "formlos.organisation",
    "formlos.registers",
    "formlos.exchange",
    "formlos.identity",
    "formlos.notices",
    "formlos.feedback",
    "formlos.appointments",
    "formlos.catalogue",
    "formlos.cases",
    "formlos.dialogue",
    "formlos.landlords",
    "formlos.portals.citizen",
    "formlos.portals.clerk",
    "formlos.portals.wallet",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "formlos.base.security_headers.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "formlos.base.ui.languages.OnlyLanguagesThatExist",
    "formlos.base.control_characters.NoControlCharacters",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "formlos.base.ui.too_many.TooManyTries",
]
if ROLE == "wallet":  # shares host and cookies with the web process, whose visits are none of its business
    MIDDLEWARE.remove("django.contrib.sessions.middleware.SessionMiddleware")
ROOT_URLCONF = f"formlos.config.urls_{'web' if ROLE == 'worker' else ROLE}"
WSGI_APPLICATION = "formlos.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
            ]
        },
    }
]

DATABASES = databases.databases(ENVIRONMENT)
APP_ROLE = DATABASES["default"]["USER"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PROCRASTINATE_WORKER_DEFAULTS = {
    "concurrency": int(ENVIRONMENT["FORMLOS_JOB_CONCURRENCY"]),
    "fetch_job_polling_interval": ENVIRONMENT["FORMLOS_JOB_POLL_SECONDS"],
    "update_heartbeat_interval": ENVIRONMENT["FORMLOS_HEARTBEAT_SECONDS"],
    "stalled_worker_timeout": ENVIRONMENT["FORMLOS_STALLED_SECONDS"],
    "delete_jobs": "successful",
}
STALLED_AFTER_SECONDS = SWEEP_AFTER_SECONDS = ENVIRONMENT["FORMLOS_STALLED_SECONDS"]
DRAFT_DAYS = int(ENVIRONMENT["FORMLOS_DRAFT_DAYS"])
SWEEP_CRON = f"* * * * * */{int(ENVIRONMENT['FORMLOS_SWEEP_SECONDS'])}"  # the sixth field counts seconds

# Hints by e-mail: on demo nodes into files, else by the operator's server, else not at all.
MAIL = urlsplit(ENVIRONMENT["FORMLOS_SMTP_URL"])
MAIL_IS_SENT = DEMO or bool(MAIL.hostname)
EMAIL_BACKEND = f"django.core.mail.backends.{'filebased' if DEMO else 'smtp'}.EmailBackend"
EMAIL_FILE_PATH = HOME / "mail"
EMAIL_HOST, EMAIL_PORT = MAIL.hostname or "", MAIL.port or (465 if MAIL.scheme == "smtps" else 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(MAIL.username or ""), unquote(MAIL.password or "")
EMAIL_USE_SSL, EMAIL_USE_TLS = MAIL.scheme == "smtps", MAIL.scheme == "smtp"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = ENVIRONMENT["FORMLOS_MAIL_FROM"]

LANGUAGE_CODE = "de"
LANGUAGES = [
    ("de", "Deutsch"),
    ("de-leicht", "Einfache Sprache"),
    ("en", "English"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("ar", "العربية"),
]
PAGES_IN_FEW_LANGUAGES = (  # names of views, or of namespaces with a colon: in German, plain German and English only
    "clerk:",
    "citizen:law",
    "citizen:journal",
    "citizen:verify",
    "citizen:stage",
    "citizen:let",
    "citizen:let_list",
    "citizen:accessibility",
    "citizen:privacy",
    "citizen:town_accessibility",
    "citizen:town_privacy",
    "citizen:imprint",
    "citizen:town_imprint",
)
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "formlos.config.static_files.CollectedOrPlain"},
}
WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_MAX_AGE = 3600

# Sessions hold identifiers only: the cookie is signed, not encrypted.
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "formlos.portals.kept.csrf_refused"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

HTTPS = PUBLIC_URL.startswith("https:")
ALLOWED_HOSTS = sorted(
    {urlsplit(url).hostname or "" for url in (PUBLIC_URL, EXCHANGE_URL, IDP_URL, WALLET_URL)}
    | {"localhost", "127.0.0.1"}
)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
# __Host-: set by this host over https, for all of it and for no other. Ports share cookies, so the provider has its own.
COOKIE_PREFIX = ("__Host-" if HTTPS else "") + ("idp-" if ROLE == "idp" else "")
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}sitzung", f"{COOKIE_PREFIX}csrf"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS and ROLE == "web"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
# Browsers ignore it, loudly, on plain http, which only a demo on a local network uses.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if HTTPS or is_loopback(urlsplit(PUBLIC_URL).hostname) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_HANDLERS = [
    "formlos.base.uploads.CutOff",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LOGGING_CONFIG = None
logs.configure(level=ENVIRONMENT["FORMLOS_LOG_LEVEL"], with_values=DEBUG)

SILENCED_SYSTEM_CHECKS: list[str] = []
LOCALE_PATHS = [PROJECT / "locale"]
FORMAT_MODULE_PATH = "formlos.base.ui.formats"
