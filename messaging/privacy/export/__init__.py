"""Export what is kept about a contact: as one JSON document, or as a ZIP file with their files."""

from messaging.privacy.export.archive import write
from messaging.privacy.export.document import Encoder, document_of

__all__ = ["Encoder", "document_of", "write"]
