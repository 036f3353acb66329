"""The providers of channels: what each of them must do, how it refuses, and the register of those
that there are.

In: providers, each of which registers itself in its AppConfig.ready(); nothing else ever names one.
Out: the provider of a kind. It may import its app's ground alone.
"""

from channels_app.providers.errors import (
    ChannelNotUsable,
    InvalidSignature,
    MediaError,
    SendError,
    UnknownProvider,
)
from channels_app.providers.protocol import Lane, Provider
from channels_app.results import Accepted, Downloaded, Examination, ListedTemplate

__all__ = [
    "Accepted",
    "ChannelNotUsable",
    "Downloaded",
    "Examination",
    "InvalidSignature",
    "Lane",
    "ListedTemplate",
    "MediaError",
    "Provider",
    "SendError",
    "UnknownProvider",
    "get",
    "kinds",
    "register",
]

_providers: dict[str, Provider] = {}


def register(provider: Provider) -> None:
    _providers[provider.kind] = provider


def get(kind: str) -> Provider:
    """The provider of this kind; raises UnknownProvider."""
    try:
        return _providers[kind]
    except KeyError:
        raise UnknownProvider(
            f"There is no channel of the kind {kind!r}; known: {', '.join(kinds())}."
        ) from None


def kinds() -> list[str]:
    return sorted(_providers)
