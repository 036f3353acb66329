"""Media objects: by themselves, in a header, or as a template's value. What of a file has no id yet
gets it when it is sent.
"""

from dataclasses import dataclass
from typing import Any

from channels_app.content import Media, StoredFile
from whatsapp.media.filenames import shown
from whatsapp.sending.limits import CAPTION, ID, NAME, Check, present, quoted

MB = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a file of one kind may be; no types: any."""

    size: int
    types: tuple[str, ...] = ()
    has_caption: bool = True


RULES = {
    "image": Rule(size=5 * MB, types=("image/jpeg", "image/png")),
    "video": Rule(size=16 * MB, types=("video/mp4", "video/3gpp")),
    "audio": Rule(
        size=16 * MB,
        types=("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"),
        has_caption=False,
    ),
    "document": Rule(size=100 * MB),
    "sticker": Rule(size=500 * 1024, types=("image/webp",), has_caption=False),
}


def media(content: Media, check: Check) -> dict[str, Any]:
    """The message of one medium."""
    if content.kind not in RULES:
        check.at("/kind").fault(
            f"There are no media of the kind {quoted(content.kind)}; it must be one of"
            f" {', '.join(RULES)}."
        )
        return {}
    if content.caption and not RULES[content.kind].has_caption:
        check.at("/caption").fault(f"The {content.kind} has a caption; WhatsApp shows none there.")
    more = present(
        caption=check.at("/caption", "the caption").optional(content.caption, CAPTION),
        voice=content.is_voice or None,
    )
    return {
        "type": content.kind,
        content.kind: {**media_object(content, check.at("", f"the {content.kind}")), **more},
    }


def media_object(content: Media, check: Check) -> dict[str, Any]:
    """Its source, and its file name."""
    sources = [content.external_id, content.link, content.file]
    if sum(bool(source) for source in sources) != 1:
        check.fault(f"{check.name} needs exactly one source: an id, a link or a file.")
    if content.filename and content.kind != "document":
        check.at("/filename").fault(f"{check.name} has a file name; only documents have one.")
    if content.is_voice and content.kind != "audio":
        check.at("/is_voice").fault(f"{check.name} cannot be a voice note; only audio can.")
    if content.file:
        check_file(content.file, RULES[content.kind], check.at("/file"))
    return present(
        id=check.own("/external_id", "id").optional(content.external_id, ID),
        link=content.link and check.own("/link", "link").link(content.link),
        filename=named(content, check),
    )


def named(content: Media, check: Check) -> str:
    """As a person named it; of a file of ours, whose type is known, never without an ending."""
    filename = check.own("/filename", "file name").optional(content.filename, NAME)
    return shown(filename, content.file.mime_type) if content.file else filename


def check_file(file: StoredFile, rule: Rule, check: Check) -> None:
    mime_type = file.mime_type.split(";")[0].strip().lower()  # audio/ogg; codecs=opus
    if rule.types and mime_type not in rule.types:
        check.fault(
            f"{check.name} is a file of the type {quoted(mime_type) or '(none)'}; WhatsApp takes"
            f" {', '.join(rule.types)}."
        )
    if file.size > rule.size:
        check.fault(f"{check.name} has {file.size} bytes; {rule.size} is the most.")
    if file.size < 1:
        check.fault(f"{check.name} is an empty file.")


def shown_above(content: Media, check: Check, kinds: tuple[str, ...]) -> dict[str, Any]:
    """Media in a header: {type, <type>: object}, of one of these kinds and without a caption."""
    if content.kind not in kinds:
        check.at("/kind").fault(
            f"{check.name} cannot be of the kind {quoted(content.kind)}; it must be one of"
            f" {', '.join(kinds)}."
        )
        return {}
    if content.caption:
        check.at("/caption").fault(f"{check.name} has a caption; WhatsApp shows none there.")
    return {"type": content.kind, content.kind: media_object(content, check)}


def with_file(body: Any, file_id: str) -> Any:
    """The body, with this id in each media object that has no source yet."""
    if isinstance(body, list):
        return [with_file(each, file_id) for each in body]
    if not isinstance(body, dict):
        return body
    kind = body.get("type")
    if (
        kind in tuple(RULES)
        and isinstance(body.get(kind), dict)
        and not {"id", "link"} & body[kind].keys()
    ):
        return {**body, kind: {**body[kind], "id": file_id}}
    return {key: with_file(value, file_id) for key, value in body.items()}
