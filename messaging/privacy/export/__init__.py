"""Export what is kept about a contact: as one JSON document, or as a ZIP file with their files."""

from messaging.privacy.export.archive import write
from messaging.privacy.export.document import document_of, stored_files

__all__ = ["document_of", "stored_files", "write"]
