"""SSRF guard: the hosts that a channel's token may be sent to, which are Meta's. Nothing is asked.

Meta names the address of each file in an answer. Whoever could forge or bend that answer would get
the token, or have us ask our own network: so the address is held against this table, and where its
name leads against that of channels_app/http/public_addresses.py.
"""

from django.conf import settings

from channels_app.http.origins import Origin, origin_of

METAS = {
    ".fbsbx.com": "lookaside.fbsbx.com serves the files people send",
    ".facebook.com": "the Graph API's own domain",
    ".whatsapp.net": "WhatsApp's own servers of files",
}
THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


class HostRefused(Exception):
    """The token may not go there; the message is a sentence for the operator."""


def check(url: object) -> str:
    """Return the address itself if the token may go there. Raises HostRefused.

    That is Meta's over https, or, where META_GRAPH_URL is not Meta's (the stand-in),
    META_GRAPH_URL's own and no other.
    """
    origin, own = origin_of(url), origin_of(settings.META_GRAPH_URL)
    if origin is None or not isinstance(url, str):
        raise HostRefused("WhatsApp named an address for the file that is not well-formed.")
    is_allowed = is_metas(origin) if is_metas(own) else origin == own
    if not is_allowed:
        raise HostRefused(
            "WhatsApp named an address for the file that is not among Meta's:"
            f" {'{}://{}:{}'.format(*origin)}"
        )
    return url


def is_stand_in() -> bool:
    """Whether META_GRAPH_URL is on this machine: what answers there is the stand-in and not
    Meta.
    """
    own = origin_of(settings.META_GRAPH_URL)
    return own is not None and own.host in THIS_MACHINE


def is_metas(origin: Origin | None) -> bool:
    if origin is None or (origin.scheme, origin.port) != ("https", 443):
        return False
    return origin.host.endswith(tuple(METAS)) and not any(
        label.startswith("xn--") for label in origin.host.split(".")
    )


def exempt() -> set[tuple[str, int]]:
    """Return the hosts and ports that need not be public: META_GRAPH_URL's own."""
    own = origin_of(settings.META_GRAPH_URL)
    return {(own.host, own.port)} if own else set()
