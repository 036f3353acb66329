"""Media: an image, a video, audio, a document or a sticker, as a message or in a header."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal
from uuid import UUID

from channels_app.content.base import Content, one_line
from channels_app.filenames import plain_filename

MediaKind = Literal["image", "video", "audio", "document", "sticker"]
LABELS = {
    "image": "Photo",
    "video": "Video",
    "audio": "Audio",
    "document": "Document",
    "sticker": "Sticker",
}


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A file in our own storage, which the provider does not have yet."""

    id: UUID
    mime_type: str
    size: int  # bytes


@dataclass(frozen=True, kw_only=True)
class Media(Content):
    """A media file: exactly one of `external_id` (the provider's id of an uploaded file), `link`
    and `file` identifies it.
    """

    kind: MediaKind  # type: ignore[assignment]
    external_id: str = ""
    link: str = ""
    file: StoredFile | None = None
    caption: str = ""
    filename: str = ""
    is_voice: bool = False  # audio that plays as a voice note

    @property
    def text(self) -> str:
        return self.caption

    @property
    def preview(self) -> str:
        label = "Voice note" if self.is_voice else LABELS.get(self.kind, self.kind)
        return one_line(self.caption.strip() or plain_filename(self.filename), label)


def files_of(said: Any, pointer: str = "") -> dict[str, StoredFile]:
    """Return the stored files of a content, at any depth, by the pointers to them."""
    if isinstance(said, StoredFile):
        return {pointer: said}
    files: dict[str, StoredFile] = {}
    for name, inner in parts_of(said):
        files |= files_of(inner, f"{pointer}/{name}")
    return files


def parts_of(said: Any) -> Iterable[tuple[str | int, Any]]:
    """Return the items of a tuple by their index, or the fields of a dataclass by their name."""
    if isinstance(said, tuple):
        return enumerate(said)
    named = fields(said) if is_dataclass(said) else ()
    return [(field.name, getattr(said, field.name)) for field in named]
