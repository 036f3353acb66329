"""A photo, a video, a sound, a document or a sticker: said by itself, or above a text."""

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
    """A file that we keep and that the provider does not have yet."""

    id: UUID
    mime_type: str
    size: int  # bytes


@dataclass(frozen=True, kw_only=True)
class Media(Content):
    """Exactly one of `external_id` (the provider's own id of a file), `link` and `file` says what
    is shown.
    """

    kind: MediaKind  # type: ignore[assignment]
    external_id: str = ""
    link: str = ""
    file: StoredFile | None = None
    caption: str = ""
    filename: str = ""
    is_voice: bool = False  # an audio that plays as a voice note

    @property
    def text(self) -> str:
        return self.caption

    @property
    def preview(self) -> str:
        label = "Voice note" if self.is_voice else LABELS.get(self.kind, self.kind)
        return one_line(self.caption.strip() or plain_filename(self.filename), label)


def files_of(said: Any) -> list[StoredFile]:
    """The files that we keep in what is said, wherever they stand in it."""
    if isinstance(said, StoredFile):
        return [said]
    if is_dataclass(said):
        said = tuple(getattr(said, field.name) for field in fields(said))
    return [file for each in said for file in files_of(each)] if isinstance(said, tuple) else []
