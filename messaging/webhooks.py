"""The door: prove who sent it, keep the bytes, answer 200. The pipeline does the rest.

Answers carry no reason. Anything but 200 makes the provider send again, so a genuine webhook gets
another answer only when it could not be stored.
"""

import logging
import time
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_app import providers
from channels_app.providers import Challenges, Provider
from messaging.metrics.door import note_webhook
from messaging.models import WebhookDelivery
from tenants.origins import fault_of

logger = logging.getLogger(__name__)

NOT_OURS = (
    "A webhook of the kind %s was refused: it is not proven by a secret of ours, or its bytes were"
    " changed on the way."
)


class TooLarge(Exception):
    """The body is larger than a webhook may be."""


class WebhookView(APIView):
    """GET answers the provider's challenge, POST takes its webhooks. Authenticity is the signature,
    and nothing else.
    """

    authentication_classes: list = []
    permission_classes: list = []
    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        started, status = time.perf_counter(), 500
        try:
            response = super().dispatch(request, *args, **kwargs)
            status = response.status_code
            return response
        finally:
            if request.method == "POST":
                note_webhook(status, time.perf_counter() - started)

    def get(self, request: Request, kind: str, address: str = "") -> HttpResponse:
        provider = provider_at(kind, address)
        if not isinstance(provider, Challenges):
            return Response(status=403)
        try:
            answer = provider.answer_challenge(request.query_params)
        except ValueError:
            return Response(status=400)
        if answer is None:
            return Response(status=403)
        return HttpResponse(answer, content_type="text/plain")

    def post(self, request: Request, kind: str, address: str = "") -> Response:
        provider = provider_at(kind, address)
        if request.headers.get("Content-Encoding"):
            return Response(status=415)
        try:
            body = read(request)
            provider.verify(body, request.headers, address)
            lane, hint = provider.lane_of(body, address)
            WebhookDelivery.store(kind, body, address=address, lane=lane, route_hint=hint)
        except TooLarge:
            return Response(status=413)
        except UnreadablePostError:
            return Response(status=400)
        except providers.InvalidSignature as error:
            if error.status == 403:
                logger.warning(NOT_OURS, kind)
            return Response(status=error.status)
        except (DatabaseError, InterfaceError) as error:
            logger.error(
                "A webhook could not be stored (%s); its provider will send it again.",
                fault_of(error),
            )
            return Response(status=503)
        return Response(status=200)

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        response.data = None
        return response

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        # a webhook is not refused for its Accept header, which nobody need read
        renderer = self.get_renderers()[0]
        return renderer, renderer.media_type


def provider_at(kind: str, address: str) -> Provider:
    """Return the provider whose webhooks come to this address; raises Http404."""
    try:
        provider = providers.get(kind)
    except providers.UnknownProvider:
        raise Http404 from None
    if provider.has_addresses != bool(address):
        raise Http404
    return provider


def read(request: Request) -> bytes:
    """Return the raw body. Raises TooLarge before it is read, or as soon as a chunked one has
    passed the limit.
    """
    limit = settings.WEBHOOK_MAX_BYTES
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        try:
            body = request.META["wsgi.input"].read(limit + 1)
        except Exception as error:  # the server's own, whichever it is
            raise UnreadablePostError from error
    elif int(request.META.get("CONTENT_LENGTH") or 0) > limit:
        raise TooLarge
    else:
        body = request.body
    if len(body) > limit:
        raise TooLarge
    return body
