"""Django's LOGGING: constant sentences with ids; no token, signature, phone number or text."""

from typing import Any


def logging_settings(level: str) -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "config.logs.Lines",
                "fmt": "{asctime} {levelname} {name}: {message}",
                "style": "{",
            }
        },
        "filters": {
            "refusals": {"()": "config.logs.WithoutTracebackOfRefusals"},
            "paths": {"()": "config.logs.WithoutSecretsOfPaths"},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["refusals", "paths"],
            },
            "nowhere": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": ["stderr"], "level": level, "propagate": False},
            # failed sign-ins, without whose
            "axes": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            # what is retried, and what failed
            "procrastinate": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            # it logs addresses, and what Meta wants in them is secret
            "urllib3": {"handlers": ["nowhere"], "propagate": False},
            # any stranger could fill the log
            "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
        },
    }
