"""Settings of metrics and error reports, read from the environment."""

from urllib.parse import urlsplit

from config.environment import faults, is_number, optional


def monitoring_settings() -> tuple[str, int, str]:
    """Return METRICS_TOKEN, METRICS_PORT and SENTRY_DSN; "" and 0 where one is not set."""
    return metrics_token(), metrics_port(), sentry_dsn()


def metrics_token() -> str:
    token = optional("METRICS_TOKEN")
    if token and not (len(token) >= 16 and token.isascii() and token.isprintable()):
        faults.append(
            "METRICS_TOKEN is too short or not ASCII: use at least 16 random letters and digits."
        )
    return token


def metrics_port() -> int:
    text = optional("METRICS_PORT", "0")
    if not is_number(text) or int(text) > 65535:
        faults.append(f"METRICS_PORT is {text!r}: it must be a number from 1 to 65535.")
        return 0
    if int(text) and not optional("METRICS_TOKEN"):
        faults.append("METRICS_PORT is set without METRICS_TOKEN: nobody could read the metrics.")
    return int(text)


def sentry_dsn() -> str:
    """Return https://KEY@HOST/PROJECT, which is for writing alone."""
    dsn = optional("SENTRY_DSN")
    if dsn and not is_dsn(dsn):
        faults.append("SENTRY_DSN is not a Sentry address: copy it from the project's Client Keys.")
    return dsn


def is_dsn(text: str) -> bool:
    try:
        parts = urlsplit(text)
        is_whole = bool(parts.hostname and parts.username) and (parts.port or 0) >= 0
    except ValueError:
        return False
    return is_whole and parts.scheme in {"http", "https"} and is_number(parts.path.split("/")[-1])
