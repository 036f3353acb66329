"""Export what is kept about a contact: as one JSON document, or as a ZIP file with their files.
Neither is ever whole in memory.
"""

from messaging.privacy.export.archive import archive_of
from messaging.privacy.export.document import document_of, stored_files

__all__ = ["archive_of", "document_of", "stored_files"]
