"""The Content-Security-Policy of our pages: what runs in them, where forms go, who may frame them.
Nothing inline, nothing of another site.
"""

POLICY = {
    "default-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}


def page_policy(**other: str) -> str:
    """Return the policy of every page; `other`: directives that one has beside it, or otherwise
    (`img_src="'self' data:"`).
    """
    named = {name.replace("_", "-"): sources for name, sources in other.items()}
    return "; ".join(f"{name} {sources}" for name, sources in (POLICY | named).items())
