"""Django's LOGGING. No record may hold a token, signature, phone number or message text."""

from typing import Any

LINE = "{asctime} {levelname} {name}: {message}{request_id}"


def logging_settings(level: str, form: str) -> dict[str, Any]:
    """Return LOGGING. `form`: "LINES", to be read by people, or "JSON"."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "LINES": {"()": "config.logs.Lines", "fmt": LINE, "style": "{"},
            "JSON": {"()": "config.json_logs.JsonLines"},
        },
        "filters": {
            "refusals": {"()": "config.logs.WithoutTracebackOfRefusals"},
            "paths": {"()": "config.logs.WithoutSecretsOfPaths"},
            "request_ids": {"()": "tenants.web.request_ids.WithRequestId"},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": form,
                "filters": ["refusals", "paths", "request_ids"],
            },
            "nowhere": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": ["stderr"], "level": level, "propagate": False},
            # gunicorn writes an exception with its words, and lines of its own form.
            "gunicorn.error": {"handlers": ["stderr"], "level": level, "propagate": False},
            # Failed sign-ins, without user names and addresses.
            "axes": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            # Failed jobs, without a line for each job that starts or succeeds.
            "procrastinate": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            # Logs URLs, and Meta's API takes secrets in the query.
            "urllib3": {"handlers": ["nowhere"], "propagate": False},
            # Anybody could fill the log with invalid Host headers.
            "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
        },
    }
