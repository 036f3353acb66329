"""The providers that are installed, by their kind."""

from channels_app.providers.errors import UnknownProvider
from channels_app.providers.protocol import Provider

_providers: dict[str, Provider] = {}


def register(provider: Provider) -> None:
    _providers[provider.kind] = provider


def find(kind: str) -> Provider | None:
    """Return the provider of this kind; None for a kind that is not installed any more."""
    return _providers.get(kind)


def get(kind: str) -> Provider:
    """Return the provider of this kind; raises UnknownProvider."""
    provider = find(kind)
    if provider is None:
        known = ", ".join(kinds()) or "none"
        raise UnknownProvider(f"There is no channel of the kind {kind!r}; known: {known}.")
    return provider


def kinds() -> list[str]:
    return sorted(_providers)
