"""Django's settings, read from environment variables. Exits with a sentence for each variable that
is missing, invalid or unsafe.
"""

import sys
from datetime import timedelta
from pathlib import Path

from config import body_limits
from config.addresses import (
    allowed_hosts,
    graph_path,
    graph_version,
    guarded_address,
    public_url,
    redirect_uri,
    versioned_address,
    webhook_allowed_hosts,
)
from config.api_description import api_description
from config.database_urls import database
from config.environment import count, faults, one_of, optional, port_number, required
from config.files import bucket, in_s3, on_disk
from config.https import https_settings
from config.keys import app_secrets, encryption_keys, meta_app, secret
from config.languages import languages
from config.lockout_settings import LOCKOUT
from config.log_settings import logging_settings
from config.mail import mail_server, operators, sender
from config.monitoring_settings import monitoring_settings
from config.pipeline_settings import (  # noqa: F401
    AUTO_REPLY_TTL_SECONDS,
    DEFERRED_REPLY_LIMIT_SECONDS,
    DEFERRED_REPLY_SECONDS,
    DEFERRED_REPLY_WAIT_SECONDS,
    PIPELINE_POLL_SECONDS,
    POST_WITHIN_SECONDS,
    REPLY_STRATEGIES,
    SEND_LEASE_SECONDS,
    SEND_TIMEOUT_SECONDS,
    UNKNOWN_AFTER_SECONDS,
)
from config.processes import LOGIN_PASSWORDS, PROCESS  # noqa: F401
from config.replica import DATABASE_ROUTERS, with_replica  # noqa: F401
from config.retention import days_kept
from config.security_contact import security_contact

BASE_DIR = Path(__file__).resolve().parent.parent

# --- addresses of this project --------------------------------------------------------------------
PORT = port_number()
PUBLIC_URL = public_url(f"http://127.0.0.1:{PORT}")
IS_HTTPS = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = allowed_hosts(PUBLIC_URL)

# --- secrets --------------------------------------------------------------------------------------
SECRET_KEY = secret("SECRET_KEY", purpose="signs sessions", at_least=32) or "missing"
ENCRYPTION_KEYS = encryption_keys(required("ENCRYPTION_KEYS", purpose="seals the channels' tokens"))

# --- channels, a folder each ----------------------------------------------------------------------
CHANNEL_APPS = ["whatsapp"]
if "whatsapp" in CHANNEL_APPS:
    WHATSAPP_VERIFY_TOKEN = required("WHATSAPP_VERIFY_TOKEN", purpose="answers Meta's challenge")
    WHATSAPP_APP_SECRETS = app_secrets(
        required("WHATSAPP_APP_SECRET", purpose="proves that a webhook is Meta's")
    )

# --- the applications -----------------------------------------------------------------------------
INSTALLED_APPS = [
    "tenants",
    "channels_app",
    "messaging",
    *CHANNEL_APPS,
    "config.back_office.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "procrastinate.contrib.django",
    "axes",
]
MIDDLEWARE = [
    "tenants.web.request_ids.RequestIds",
    "config.no_store.NoStore",
    "config.page_headers.PageHeaders",
    "django.middleware.security.SecurityMiddleware",
    "config.bodies.BodyLimit",
    "config.health.Probes",  # before the Host check: load balancers send another Host
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.served.Served",
    "tenants.web.readers.Reader",
    "tenants.web.sign_in.RefusedSignIn",
    "axes.middleware.AxesMiddleware",
    "tenants.web.middleware.BackOfficeTransaction",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tenants.web.middleware.SessionLimits",
    "tenants.second_factor.gate.SecondFactorGate",
    "tenants.web.middleware.OperatorRole",
    "tenants.second_factor.sign_ins.SignInsAndOuts",
    "tenants.web.unusable.UnusableInput",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "tenants.User"
OPERATORS_PATH = "/admin/"
# pages behind sign-in; those of /staff/ are for the tenants' members
BACK_OFFICE_PATHS = (OPERATORS_PATH, "/staff/")
# No trailing slash: the redirect that appends one must not be cached either.
PRIVATE_PATHS = ("/admin", "/staff", "/connect")
SESSION_ENGINE = "tenants.web.sessions"
# how long a session may lie unused, and how long it lasts in any case
MEMBERS_SESSION = (timedelta(hours=8), timedelta(days=14))
OPERATORS_SESSION = (timedelta(minutes=30), timedelta(hours=12))
SESSION_COOKIE_AGE = 14 * 24 * 3600
OPERATORS_NEED_SECOND_FACTOR = (
    one_of("OPERATORS_NEED_SECOND_FACTOR", "YES" if IS_HTTPS else "NO", "YES", "NO") == "YES"
)
MASK_NUMBERS = one_of("MASK_NUMBERS", "NO", "YES", "NO") == "YES"
RETENTION_DAYS = days_kept()
# Pages of /connect do not write the session.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
LOGIN_URL, LOGIN_REDIRECT_URL = "staff_sign_in", "staff"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{validator}"}
    for validator in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
PASSWORD_HASHERS = ["tenants.passwords.LowPriorityHasher"]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "tenants.passwords.BoundedBackend",
]
vars().update(LOCKOUT)
AXES_COOLOFF_TIME = timedelta(minutes=15)
PASSWORD_RESET_TIMEOUT = 3600
PROXY_COUNT = count("PROXY_COUNT", 1 if IS_HTTPS else 0)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    # A public view must say so: a forgotten permission keeps a view closed.
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_SCHEMA_CLASS": "tenants.api.schema.Description",
}
SPECTACULAR_SETTINGS = api_description(PUBLIC_URL)

# --- the database ---------------------------------------------------------------------------------
DATABASES = with_replica(
    database(
        "DATABASE_URL", required("DATABASE_URL", purpose="names the database and the runtime role")
    )
)
DATABASE_OWNER_URL = optional("DATABASE_OWNER_URL")
DATABASE_OWNER = database("DATABASE_OWNER_URL", DATABASE_OWNER_URL) if DATABASE_OWNER_URL else None

# --- files ----------------------------------------------------------------------------------------
MEDIA_ROOT = optional("MEDIA_ROOT", str(BASE_DIR / ".media"))
MEDIA_S3 = bucket()
FILES_ON_DISK, FILES_IN_S3 = on_disk(MEDIA_ROOT), in_s3(MEDIA_S3)
STORAGES = {
    "default": FILES_IN_S3 if MEDIA_S3["bucket_name"] else FILES_ON_DISK,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# --- Meta -----------------------------------------------------------------------------------------
if "whatsapp" in CHANNEL_APPS:
    META_GRAPH_URL = versioned_address(
        "META_GRAPH_URL", "https://graph.facebook.com", because="tokens go there"
    )
    META_DIALOG_URL = versioned_address(
        "META_DIALOG_URL", "https://www.facebook.com", because="people sign in there"
    )
    META_GRAPH_VERSION = graph_version("v25.0")
    WHATSAPP_ROUTING_ROLES_PATH = graph_path("WHATSAPP_ROUTING_ROLES_PATH", holds="phone_number_id")
    META_APP_ID, META_APP_SECRET, META_CONFIG_ID = meta_app()
    META_SDK_URL = guarded_address(
        "META_SDK_URL", "https://connect.facebook.net/en_US/sdk.js", because="our pages run it"
    )
    META_REDIRECT_URI = redirect_uri(f"{PUBLIC_URL}/connect/whatsapp/callback")

# --- e-mail ---------------------------------------------------------------------------------------
MAIL_SERVER = mail_server(optional("EMAIL_URL"))
EMAIL_IS_CONFIGURED = bool(MAIL_SERVER)
vars().update(MAIL_SERVER)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = sender(PUBLIC_URL)
OPERATORS_EMAIL = operators()
SECURITY_CONTACT = security_contact()

# --- automatic replies ----------------------------------------------------------------------------
REPLY_STRATEGY = "messaging.replies.StaticReply"  # where nothing else is chosen

# --- HTTP -----------------------------------------------------------------------------------------
DEBUG = False
WEBHOOK_ALLOWED_HOSTS = webhook_allowed_hosts()
WEBHOOK_MAX_BYTES = body_limits.WEBHOOK_BYTES
DATA_UPLOAD_MAX_MEMORY_SIZE = WEBHOOK_MAX_BYTES
PAGE_MAX_BYTES = body_limits.PAGE_BYTES
MEDIA_MAX_BYTES = body_limits.MEDIA_BYTES
BOUNDED_BY_THEIR_VIEWS = (body_limits.WEBHOOKS,)
FILE_UPLOAD_HANDLERS = ["config.bodies.NoFiles"]
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # serves files from the packages: no collectstatic
vars().update(https_settings(PUBLIC_URL, is_https=IS_HTTPS))
X_FRAME_OPTIONS = "DENY"

USE_TZ = True
TIME_ZONE = "UTC"
vars().update(languages(is_https=IS_HTTPS))
ENGLISH_PATHS = ("/api/", "/health", "/connect/")  # what programs read, and the way to Meta

# --- what is told of its running ------------------------------------------------------------------
LOG_LEVEL = one_of("LOG_LEVEL", "INFO", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = logging_settings(LOG_LEVEL, one_of("LOG_FORMAT", "LINES", "LINES", "JSON"))
METRICS_TOKEN, METRICS_PORT, SENTRY_DSN = monitoring_settings()
INSTALLED_APPS += ["config.error_reports.ErrorReports"] if SENTRY_DSN else []

if faults:
    sys.exit("\n".join(dict.fromkeys(faults)))
