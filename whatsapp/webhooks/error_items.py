"""Read the errors that an item of a webhook carries, of a status or of a message. Pure."""

from typing import Any

from whatsapp.errors import RECEIVING, meaning_of, sentence
from whatsapp.errors.codes import written
from whatsapp.json_values import Json, inner, objects, text


def errors_of(item: Json) -> list[Json]:
    """In their order; one that stands by itself is a list of one."""
    return objects(item, "errors") or list(filter(None, [inner(item, "errors")]))


def words_of(error: Json) -> str:
    """Meta's title, and the details that some titles are nothing without."""
    title = text(error.get("title") or error.get("message"))
    details = text(inner(error, "error_data").get("details") or error.get("details"))
    return (
        f"{title.rstrip('.')}: {details}"
        if title and details and title != details
        else title or details
    )


def what_is_missing(message: Json) -> dict[str, Any]:
    """Why Meta could not pass a message on whole: its first error's code, and a sentence for
    each.
    """
    errors = errors_of(message)
    codes = [written(each.get("code")) for each in errors]
    return {
        "error_code": next(filter(None, codes), ""),
        "error": " ".join(dict.fromkeys(map(why, errors))),
    }


def why(error: Json) -> str:
    code = error.get("code")
    return sentence(meaning_of(code, meanings=RECEIVING), code, words_of(error))
