"""Badges: states in the back-office, each as words in the colour of what it means. Colour never
says it alone.
"""

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

# classes of tenants/static/tenants/back_office.css
GOOD, WAITS, BAD, PLAIN = "good", "waits", "bad", "plain"


def badge(words: str | Promise, tone: str) -> SafeString:
    return format_html('<span class="badge badge-{}">{}</span>', tone, capfirst(str(words)))


def isolated(*words: str) -> SafeString:
    """Return people's words side by side, isolated so that none can turn the text direction of its
    neighbours.
    """
    return format_html_join(
        " ", '<span class="isolated">{}</span>', ([word] for word in words if word)
    )


def whole(*words: str) -> SafeString:
    """Return words side by side, none of which is broken at a line's end."""
    return format_html_join(" ", '<span class="whole">{}</span>', ([word] for word in words))
