"""The providers of channels: what each must do, what it may offer, how it refuses, which exist, and
what acts for a test channel.

In: providers, each of which registers itself in its AppConfig.ready(); nothing else ever names one.
Out: the provider of a kind, or of a channel. It may import its app's ground alone.
"""

from channels_app.providers.acting import acting_at, acting_for, simulated_for
from channels_app.providers.errors import InvalidSignature, MediaError, SendError, UnknownProvider
from channels_app.providers.optional import (
    Challenges,
    Files,
    FirstContact,
    Legible,
    Lifecycle,
    ReadReceipts,
    Redaction,
    Templates,
    ThreadControl,
    Typing,
)
from channels_app.providers.protocol import Lane, Provider, Window
from channels_app.providers.registry import find, get, kinds, register
from channels_app.results import (
    Accepted,
    Downloaded,
    HealthReport,
    ListedTemplate,
    TemplateParameter,
)

__all__ = [
    "Accepted",
    "Challenges",
    "Downloaded",
    "Files",
    "FirstContact",
    "HealthReport",
    "InvalidSignature",
    "Lane",
    "Legible",
    "Lifecycle",
    "ListedTemplate",
    "MediaError",
    "Provider",
    "ReadReceipts",
    "Redaction",
    "SendError",
    "TemplateParameter",
    "Templates",
    "ThreadControl",
    "Typing",
    "UnknownProvider",
    "Window",
    "acting_at",
    "acting_for",
    "find",
    "get",
    "kinds",
    "register",
    "simulated_for",
]
