"""Every address that the project answers at, with a sample for each part: read from the URL
resolver, none is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """`name`: with its namespace, or empty. `template`: its address, with %(part)s for each of
    `parts`, which name the classes of their converters.
    """

    name: str
    template: str
    parts: dict[str, str]

    def address(self, **words: str) -> str:
        """Its address with these words, and with samples for what is not given."""
        samples = {name: WORDS.get(name) or SAMPLES[kind] for name, kind in self.parts.items()}
        return self.template % (samples | words)


def every_address() -> list[str]:
    return [*dict.fromkeys(view.address() for view in every_view()), *BESIDE, *NONE]


def every_view() -> list[View]:
    return list(views_of(get_resolver(), "/", {}))


def views_of(
    resolver: URLResolver, before: str, converters: dict, space: str = ""
) -> Iterator[View]:
    for each in resolver.url_patterns:
        known = converters | each.pattern.converters
        path = before + each.pattern.regex.pattern.lstrip("^").replace("\\Z", "$")
        if isinstance(each, URLPattern):
            template, parts = normalize(path)[0]
            kinds = {part: type(known.get(part)).__name__ for part in parts}
            yield View(f"{space}{each.name or ''}", template, kinds)
        else:
            below = f"{space}{each.namespace}:" if each.namespace else space
            yield from views_of(each, path.rstrip("$"), known, below)
