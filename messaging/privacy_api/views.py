"""Export a contact, order that one is erased, look at the order."""

from typing import ClassVar
from uuid import UUID

from django.http import FileResponse, Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from messaging.models import Contact
from messaging.privacy import orders
from messaging.privacy.export import document_of
from messaging.privacy.subject import subject_of
from messaging.privacy_api.serializers import ErasureSerializer, ExportSerializer
from tenants.api.views import ApiView
from tenants.models import KeyScope, Tenant


class ExportContact(ApiView):
    serializer_class = ExportSerializer
    scopes: ClassVar = {"GET": KeyScope.CONTACTS_EXPORT}

    @extend_schema(operation_id="export_contact")
    def get(self, request: Request, id: UUID) -> FileResponse:
        """Export everything that is kept about a contact."""
        self.row(Contact.objects.all(), id)
        tenant = Tenant.objects.get(id=self.tenant_id)
        document = document_of(tenant, subject_of(tenant.id, id))
        return FileResponse(document, content_type="application/json")


class EraseContact(ApiView):
    serializer_class = ErasureSerializer
    scopes: ClassVar = {"GET": KeyScope.CONTACTS_ERASE, "POST": KeyScope.CONTACTS_ERASE}

    @extend_schema(operation_id="get_contact_erasure")
    def get(self, request: Request, id: UUID) -> Response:
        """Read what became of the order to erase a contact, also once the contact is gone."""
        erasure = orders.order_of(self.tenant_id, id)
        if erasure is None:
            raise Http404
        return Response(ErasureSerializer(erasure).data)

    @extend_schema(operation_id="erase_contact", request=None, responses={202: ErasureSerializer})
    def post(self, request: Request, id: UUID) -> Response:
        """Erase a contact with everything of theirs. It cannot be undone. The order is carried out
        in a moment; a repeated one is the first one. GET tells what became of it.
        """
        try:
            erasure = orders.order(self.tenant_id, id, by=f"key {self.caller.key_id}")
        except Contact.DoesNotExist:
            raise Http404 from None
        return Response(ErasureSerializer(erasure).data, status=202)
