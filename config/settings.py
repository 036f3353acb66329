"""Every setting, from the environment. What is missing or unsafe is said at once, a sentence each, and nothing starts."""

import base64
import binascii
import os
import sys
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}
PLACEHOLDERS = ("your_", "your-", "changeme", "change-me", "placeholder", "django-insecure")  # how examples begin
faults: list[str] = []


def required(name: str, *, purpose: str) -> str:
    value = os.environ.get(name, "").strip()  # not env.str: it takes a leading $ for a reference
    if not value:
        faults.append(f"{name} is not set: it {purpose}. Set it in the environment or in .env (see .env.example).")
    return value


def is_weak(value: str, at_least: int) -> bool:
    return len(value.encode()) < at_least or value.lower().startswith(PLACEHOLDERS)


def app_secrets(text: str) -> list[str]:
    """One secret, or several while rotating; any of them verifies a webhook."""
    secrets = [part.strip() for part in text.split(",")] if text else []
    if any(is_weak(each, 16) for each in secrets):
        faults.append("WHATSAPP_APP_SECRET holds a secret that is empty, under 16 bytes or a placeholder: copy Meta's.")
    return secrets


def secret(name: str, *, purpose: str, at_least: int) -> str:
    value = required(name, purpose=purpose)
    if value and is_weak(value, at_least):
        faults.append(f"{name} is too short or a placeholder: use at least {at_least} random characters.")
    return value


def address(url: str) -> SplitResult:
    """The parts of a URL; none where it is not one."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def positive(name: str, default: float) -> float:
    text = env.str(name, str(default))
    try:
        if 0 < float(text) < 10**6:
            return float(text)
    except ValueError:
        pass
    faults.append(f"{name} is {text!r}: it must be a positive number of seconds.")
    return default


def database(name: str, url: str) -> dict:
    """Django's settings for a PostgreSQL URL; the same for the runtime role and for the owner."""
    try:
        parts = urlsplit(url)
        is_complete = parts.scheme in {"postgresql", "postgres"} and parts.username and parts.path.strip("/")
        is_complete = is_complete and (parts.port or True) and env.db_url_config(url)
    except (ValueError, environ.ImproperlyConfigured):
        is_complete = False
    if url and not is_complete:
        faults.append(f"{name} is not a PostgreSQL address: write postgresql://ROLE:PASSWORD@HOST:PORT/DATABASE.")
        url = ""
    options = {"connect_timeout": 3, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
    options |= {"tcp_user_timeout": 10_000}  # ms: a network that is gone is noticed while a request waits for it
    parsed = env.db_url_config(url or "postgresql://missing/missing")
    return {
        **parsed,
        "OPTIONS": {**parsed.get("OPTIONS", {}), **options, "server_side_binding": True},  # no value reaches the server's log
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # a transaction pooler may stand in between
    }


def encryption_keys(text: str) -> dict[str, bytes]:
    """`k2:BASE64,k1:BASE64` as {"k2": 32 bytes, ...}; the first key seals, all of them open."""
    keys: dict[str, bytes] = {}
    for part in text.split(",") if text else ():
        key_id, _, encoded = part.strip().partition(":")
        try:
            key = base64.urlsafe_b64decode(encoded)
        except (binascii.Error, ValueError):
            key = b""
        if not key_id.isalnum() or len(key) != 32:
            faults.append("ENCRYPTION_KEYS holds a key that is not NAME:BASE64URL of 32 bytes; make one as .env.example shows.")
        elif key_id in keys:
            faults.append(f"ENCRYPTION_KEYS names the key {key_id!r} twice; what the other one sealed would not open.")
        elif not any(key):
            faults.append("ENCRYPTION_KEYS holds a key of zeros; make one as .env.example shows.")
        else:
            keys[key_id] = key
    return keys


# --- who we are to the outside ---------------------------------------------------------------------------------------
PORT = env.str("PORT", "8000")
PUBLIC_URL = env.str("PUBLIC_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
_public = address(PUBLIC_URL)
IS_HTTPS = _public.scheme == "https"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
if not _public.hostname or _public.scheme not in {"http", "https"}:
    faults.append("PUBLIC_URL is not an address: write https://HOST, as Meta and your staff reach it.")
elif not IS_HTTPS and _public.hostname not in LOCAL_HOSTS:
    faults.append("PUBLIC_URL is http on a host that is not this machine: use https, or 127.0.0.1 for development.")
if IS_HTTPS and not ALLOWED_HOSTS:
    faults.append("ALLOWED_HOSTS is not set: with an https PUBLIC_URL, list the host names that may be asked for.")
ALLOWED_HOSTS = ALLOWED_HOSTS or ["127.0.0.1", "localhost", "[::1]"]

# --- secrets ---------------------------------------------------------------------------------------------------------
SECRET_KEY = secret("SECRET_KEY", purpose="signs sessions", at_least=32) or "missing"
ENCRYPTION_KEYS = encryption_keys(required("ENCRYPTION_KEYS", purpose="seals the channels' tokens"))
WHATSAPP_VERIFY_TOKEN = required("WHATSAPP_VERIFY_TOKEN", purpose="answers Meta's webhook challenge")
WHATSAPP_APP_SECRETS = app_secrets(required("WHATSAPP_APP_SECRET", purpose="proves that a webhook is Meta's"))

# --- the applications ------------------------------------------------------------------------------------------------
CHANNEL_APPS = ["whatsapp"]
INSTALLED_APPS = [
    "tenants",
    "channels_app",
    "messaging",
    *CHANNEL_APPS,
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenants.middleware.BackOfficeTransaction",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tenants.middleware.OperatorRole",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "tenants.User"
BACK_OFFICE_PATHS = ("/admin/",)
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
    for validator in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],  # a view opens itself, never by omission
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
}

# --- the database ----------------------------------------------------------------------------------------------------
DATABASES = {"default": database("DATABASE_URL", required("DATABASE_URL", purpose="names the database and the runtime role"))}
DATABASE_OWNER_URL = env.str("DATABASE_OWNER_URL", "")
DATABASE_OWNER = database("DATABASE_OWNER_URL", DATABASE_OWNER_URL) if DATABASE_OWNER_URL else None

# --- Meta ------------------------------------------------------------------------------------------------------------
META_GRAPH_URL = env.str("META_GRAPH_URL", "https://graph.facebook.com").rstrip("/")
_graph = address(META_GRAPH_URL)
if _graph.scheme != "https" and not (_graph.scheme == "http" and _graph.hostname in LOCAL_HOSTS):
    faults.append("META_GRAPH_URL must be an https address, or http on this machine: tokens go there.")
META_GRAPH_VERSION = env.str("META_GRAPH_VERSION", "v25.0")

# --- the pipeline (seconds) ------------------------------------------------------------------------------------------
SEND_TIMEOUT_SECONDS = positive("SEND_TIMEOUT_SECONDS", 10)
SEND_LEASE_SECONDS = positive("SEND_LEASE_SECONDS", 30)
UNKNOWN_AFTER_SECONDS = positive("UNKNOWN_AFTER_SECONDS", 60)
PIPELINE_POLL_SECONDS = positive("PIPELINE_POLL_SECONDS", 0.2)
AUTO_REPLY_TTL_SECONDS = positive("AUTO_REPLY_TTL_SECONDS", 3600)
if UNKNOWN_AFTER_SECONDS <= SEND_TIMEOUT_SECONDS:
    faults.append("UNKNOWN_AFTER_SECONDS must be larger than SEND_TIMEOUT_SECONDS, or a POST still under way counts as lost.")
REPLY_STRATEGY = "messaging.replies.StaticReply"

# --- HTTP ------------------------------------------------------------------------------------------------------------
DEBUG = False
WEBHOOK_MAX_BYTES = 8 * 1024 * 1024  # Meta posts up to 3 MB; Django's own default of 2.5 MB would refuse it for a week
DATA_UPLOAD_MAX_MEMORY_SIZE = WEBHOOK_MAX_BYTES
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # served from the packages themselves: no build step
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health"]  # a load balancer asks over plain http
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if IS_HTTPS else []
X_FRAME_OPTIONS = "DENY"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"

# --- logs: constant sentences with ids; no token, signature, phone number or text --------------------------------------
LOG_LEVEL = env.str("LOG_LEVEL", "INFO").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
    faults.append("LOG_LEVEL must be DEBUG, INFO, WARNING, ERROR or CRITICAL.")
    LOG_LEVEL = "INFO"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": LOG_LEVEL, "propagate": False},
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},  # any stranger could fill the log
    },
}

if faults:
    sys.exit("\n".join(dict.fromkeys(faults)))
