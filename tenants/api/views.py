"""The views of the REST API: each request runs in the scope of its key's tenant, as the
application's own role.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, set_response_etag
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.api.authentication import BearerKey, HasScope, rate_limit_headers
from tenants.api.bodies import StrictJSON
from tenants.api.problems import Problem, answer, problem_at
from tenants.api_keys.callers import Caller
from tenants.models import KeyScope
from tenants.scope import tenant_scope


class AlwaysJSON(BaseContentNegotiation):
    """Answer in JSON, whatever the Accept header says."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        media_type = (request.content_type or "").partition(";")[0].strip().lower()
        return next((each for each in parsers if each.media_type == media_type), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[Any], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


class ApiView(GenericAPIView):
    """A view of the API. `scopes`: what a key needs for each method."""

    authentication_classes = [BearerKey]
    permission_classes = [HasScope]
    parser_classes = [StrictJSON]
    renderer_classes = [JSONRenderer]
    content_negotiation_class = AlwaysJSON
    metadata_class = None
    scopes: ClassVar[Mapping[str, KeyScope]] = {}

    def get_exception_handler(self) -> Any:
        return answer

    @property
    def caller(self) -> Caller:
        return self.request.auth  # type: ignore[return-value]

    @property
    def tenant_id(self) -> UUID:
        """Return whose rows the request is about. Raises Problem for a key of the platform."""
        if self.caller.tenant_id is None:
            raise Problem(403, "missing_scope", "The key is of no business.")
        return self.caller.tenant_id

    def scope(self) -> AbstractContextManager[None]:
        """Return the scope that a handler runs in."""
        return tenant_scope(self.tenant_id)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """Handle a request as Django REST framework does, with the handler in its scope: what it
        raises is rolled back.
        """
        self.args, self.kwargs = args, kwargs
        self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(self.request, *args, **kwargs)
            response = self.answered(partial(self.handler(), self.request, *args, **kwargs))
        except Exception as error:
            response = self.handle_exception(error)
        self.response = self.finalize_response(self.request, response, *args, **kwargs)
        return self.response

    def answered(self, handle: Callable[[], Response]) -> Response:
        """Return what the handler answers, in its scope."""
        with self.scope():
            return handle()

    def handler(self) -> Any:
        method = (self.request.method or "").lower()
        if method not in self.http_method_names:
            return self.http_method_not_allowed
        return getattr(self, method, self.http_method_not_allowed)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        self.add_rate_limit(response)
        if (
            request.method == "GET"
            and response.status_code == 200
            and isinstance(response, Response)
        ):
            response["Cache-Control"] = "private, no-cache"
            response.add_post_render_callback(self.unless_known)
        response.setdefault("Cache-Control", "no-store")
        return response

    def add_rate_limit(self, response: HttpResponseBase) -> None:
        if limit := getattr(self.request._request, "rate_limit", None):
            for name, value in rate_limit_headers(limit).items():
                response[name] = value

    def unless_known(self, response: Response) -> HttpResponseBase:
        """Return the answer with its ETag, or a 304 where the client has the same already."""
        set_response_etag(response)
        request = self.request._request
        known = get_conditional_response(request, etag=response["ETag"], response=response)
        answered = known or response
        self.add_rate_limit(answered)
        return answered

    def valid(self, serializer: type[serializers.Serializer]) -> dict[str, Any]:
        """Return the body as the serializer reads it. Raises Problem and ValidationError."""
        if not isinstance(self.request.data, dict):
            raise problem_at("", "The body must be a JSON object.")
        given = serializer(data=self.request.data)
        given.is_valid(raise_exception=True)
        return given.validated_data

    def row(self, rows: QuerySet[Any], id: Any) -> Any:
        """Return the row of this id. Raises Http404 where it is not there, or not the tenant's."""
        found = rows.filter(id=id).first()
        if found is None:
            raise Http404
        return found


class NotThere(ApiView):
    """Whatever is below /api/v1/ and is nothing, whoever asks."""

    authentication_classes = []
    permission_classes = []
    http_method_names = []

    def scope(self) -> AbstractContextManager[None]:
        return nullcontext()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404
