"""What a process that goes on says where a command would: nobody's disk stops it."""

from contextlib import suppress

from django.core.management.base import OutputWrapper


def tell(output: OutputWrapper, sentence: str) -> None:
    """Write a line, or none where that cannot be written, as on a full disk."""
    with suppress(OSError):
        output.write(sentence)
