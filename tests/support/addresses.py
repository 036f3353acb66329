"""Every address that the project answers at, with a sample for each part: read from the URL
resolver, none is missing.
"""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize

NO_ID = "00000000-0000-0000-0000-000000000000"
SAMPLES = {
    "UUIDConverter": NO_ID,
    "IntConverter": "1",
    "SlugConverter": "acme",
    "PathConverter": "x",
    "StringConverter": "x",
}
# of patterns without converters
WORDS = {"kind": "whatsapp", "app_label": "messaging", "url": "nowhere", "token": "x"}


BESIDE = ["/health", "/health/ready", "/static/admin/css/base.css"]  # answered by middleware
NONE = ["/nowhere", "/admin", "/staff"]


def every_address() -> list[str]:
    return [*dict.fromkeys(addresses_of(get_resolver(), "/", {})), *BESIDE, *NONE]


def addresses_of(resolver: URLResolver, before: str, converters: dict) -> Iterator[str]:
    for each in resolver.url_patterns:
        known = converters | each.pattern.converters
        path = before + each.pattern.regex.pattern.lstrip("^").replace("\\Z", "$")
        if isinstance(each, URLPattern):
            yield sample(path, known)
        else:
            yield from addresses_of(each, path.rstrip("$"), known)


def sample(pattern: str, converters: dict) -> str:
    template, names = normalize(pattern)[0]
    return template % {
        name: WORDS.get(name) or SAMPLES[type(converters[name]).__name__] for name in names
    }
