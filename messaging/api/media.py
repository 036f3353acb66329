"""Files: upload one that is to be sent, read about one, download one."""

import re
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar
from uuid import UUID

from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from messaging.api.serializers import FileSerializer
from messaging.media import transfer
from messaging.media.responses import attachment
from messaging.models import Media
from tenants.api.problems import Problem, problem_at
from tenants.api.views import ApiView
from tenants.models import KeyScope
from tenants.scope import tenant_scope

LARGEST = 16 * 1024 * 1024  # bytes; what is larger is sent by a link
MIME_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,100}")
KINDS = ("image", "video", "audio")
NO_FILE = "Send one file, as the part `file` of multipart/form-data."
EMPTY = "The file is empty."
TOO_LARGE = f"The file has more than {LARGEST} bytes. Send a larger one by a link."
NO_TYPE = "The part says no Content-Type of the file, such as image/png."
FORM = {
    "type": "object",
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "At most 16 MiB."}
    },
    "required": ["file"],
}


class MediaView(ApiView):
    """Storage is asked over a network, so a handler opens its scope around its rows alone."""

    serializer_class = FileSerializer

    def scope(self) -> AbstractContextManager[None]:
        return nullcontext()

    def file(self, id: UUID) -> Media:
        with tenant_scope(self.tenant_id):
            return self.row(Media.objects.all(), id)


class UploadMedia(MediaView):
    parser_classes = [MultiPartParser]
    scopes: ClassVar = {"POST": KeyScope.MEDIA_WRITE}

    @extend_schema(
        operation_id="upload_media",
        request={"multipart/form-data": FORM},
        responses={201: FileSerializer},
    )
    def post(self, request: Request) -> Response:
        """Upload a file. Messages name it by its id, as {"kind": "image", "file": ID}; it is given
        to the channel's provider before the first of them is sent.
        """
        file = self.uploaded(request)
        mime_type = (file.content_type or "").partition(";")[0].strip().lower()
        if not MIME_TYPE.fullmatch(mime_type):
            raise problem_at("/file", NO_TYPE)
        main = mime_type.partition("/")[0]
        stored = transfer.put(
            self.tenant_id,
            file,
            kind=main if main in KINDS else "document",
            mime_type=mime_type,
            filename=file.name or "",
        )
        return Response(FileSerializer(stored).data, status=201)

    def uploaded(self, request: Request) -> Any:
        """Return the one file of the request. Raises Problem."""
        handlers = [MemoryFileUploadHandler(request), TemporaryFileUploadHandler(request)]
        request._request.upload_handlers = handlers  # type: ignore[attr-defined]
        files = [file for _, found in request.FILES.lists() for file in found]
        if len(files) != 1 or "file" not in request.FILES:
            raise problem_at("/file", NO_FILE)
        if not files[0].size:
            raise problem_at("/file", EMPTY)
        if files[0].size > LARGEST:
            raise Problem(413, "too_large", TOO_LARGE)
        return files[0]


class OneMedia(MediaView):
    scopes: ClassVar = {"GET": KeyScope.MEDIA_READ}

    @extend_schema(operation_id="get_media")
    def get(self, request: Request, id: UUID) -> Response:
        """Read about a file. It can be downloaded once its status is stored."""
        return Response(FileSerializer(self.file(id)).data)


class DownloadMedia(MediaView):
    scopes: ClassVar = {"GET": KeyScope.MEDIA_READ}

    @extend_schema(
        operation_id="download_media",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, id: UUID) -> FileResponse:
        """Download a file. 409: it is not fetched from the provider yet, or could not be."""
        file = self.file(id)
        if file.status != Media.Status.STORED:
            raise Problem(
                409,
                f"file_{file.status}",
                f"The file is not here: {file.error or file.get_status_display()}",
            )
        return attachment(file)
