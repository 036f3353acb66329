"""The canaries: one value for each kind of secret and of what is a person's."""

import base64
import os
from urllib.parse import quote, quote_plus

from tests.chaos.server import ACME_TOKEN, GLOBEX_TOKEN
from tests.support.whatsapp.channel import PREVIOUS_SECRET, SECRET

TEXT = "a wish that a canary sings"
PHONE, NAME = "4670999001", "Ada of the canaries"
PASSWORD, GUESS = "a password of canaries", "a guess of canaries"
META_SECRET, PIN, WRONG_PIN = "meta-secret-of-canaries", "739104", "620858"
NEW_TOKEN, METRICS_TOKEN = "new-token-of-canaries", "metrics-token-of-canaries"
FORGED_KEY = "mk_live_forgedkeyofcanaries000000000000000000"
DATABASE_PASSWORD = "database-password-of-canaries"

OF_PEOPLE = {"text": TEXT, "phone number": PHONE, "name": NAME}
SECRETS = {
    "access token": ACME_TOKEN,
    "access token of Globex": GLOBEX_TOKEN,
    "new access token": NEW_TOKEN,
    "app secret": SECRET,
    "earlier app secret": PREVIOUS_SECRET,
    "Meta app's secret": META_SECRET,
    "verify token": os.environ["WHATSAPP_VERIFY_TOKEN"],
    "SECRET_KEY": os.environ["SECRET_KEY"],
    "encryption key": os.environ["ENCRYPTION_KEYS"].partition(":")[2],
    "database's password": DATABASE_PASSWORD,
    "token of metrics": METRICS_TOKEN,
    "two-step PIN": PIN,
    "wrong PIN": WRONG_PIN,
    "password": PASSWORD,
    "guessed password": GUESS,
    "forged API key": FORGED_KEY,
}


def forms(value: str) -> set[str]:
    """How a value may stand in a text: as it is, in an address, or in base64."""
    in_base64 = base64.b64encode(value.encode()).decode().rstrip("=")[:-1]
    return {value, quote(value), quote_plus(value), in_base64}
