"""The project's own settings under a test environment."""

import base64
import os

os.environ.update(
    DATABASE_URL="postgresql://msg_app:test@127.0.0.1:1/replaced",
    SECRET_KEY="tests-only-" + "0123456789abcdef" * 4,
    ENCRYPTION_KEYS="k1:" + base64.urlsafe_b64encode(bytes(range(32))).decode(),
    WHATSAPP_VERIFY_TOKEN="verify-token-of-the-tests",
    WHATSAPP_APP_SECRET="app-secret-of-the-tests,app-secret-before-rotation",
    LOG_LEVEL="INFO",
    PORT="8000",
    PUBLIC_URL="http://127.0.0.1:8000",
    ALLOWED_HOSTS="127.0.0.1,localhost,testserver",
    META_GRAPH_URL="http://127.0.0.1:1",
)
os.environ.pop("DATABASE_OWNER_URL", None)

from config.settings import *  # noqa: F403

INSTALLED_APPS += ["tests.sample_channel"]  # noqa: F405
PASSWORD_HASHERS = [
    f"django.contrib.auth.hashers.{quick}PasswordHasher" for quick in ("MD5", "PBKDF2")
]
WHITENOISE_AUTOREFRESH = True  # else each client of a test lists the static files of all apps
