"""Faults as problem details (RFC 9457): {type, title, status, detail, code, errors, request_id}.

`code` is for programs and never changes its meaning; `detail` is a sentence for people; `errors`
names each field by a JSON pointer (RFC 6901), or each parameter by its name.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, JsonResponse, UnreadablePostError
from rest_framework import exceptions
from rest_framework.response import Response

from tenants.origins import fault_of, origin_of
from tenants.web.request_ids import current_request_id

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
NOT_FOUND = "There is nothing here, or it is not yours."
TRY_AGAIN_SECONDS = 1


class Problem(exceptions.APIException):
    """A fault of a request, to be answered as it is. `errors`: {pointer or parameter, detail}."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail, code)
        self.status_code, self.code, self.sentence = status, code, detail
        self.errors, self.headers, self.more = list(errors), dict(headers or {}), more


def problem_of(error: Exception) -> Problem:
    """Return the problem that answers what a view raised. What nobody foresaw is logged."""
    match error:
        case Problem():
            return error
        case exceptions.ValidationError():
            return invalid(list(errors_of(error.detail)))
        case exceptions.ParseError():
            return Problem(400, "malformed", str(error.detail))
        case UnreadablePostError():
            return Problem(400, "malformed", "The body could not be read.")
        case exceptions.UnsupportedMediaType():
            return Problem(
                415, "unsupported_media_type", "Send JSON, with Content-Type: application/json."
            )
        case exceptions.MethodNotAllowed():
            return Problem(405, "method_not_allowed", "The method is not allowed here; see Allow.")
        case Http404() | exceptions.NotFound() | ObjectDoesNotExist():
            return Problem(404, "not_found", NOT_FOUND)
        case PermissionDenied() | exceptions.PermissionDenied():
            return Problem(403, "forbidden", "The key may not do this.")
        case OperationalError() | InterfaceError():
            return unavailable(error)
    return failed(error)


def invalid(errors: list[Mapping[str, str]]) -> Problem:
    """Return the problem of a body that does not say what it should."""
    return Problem(422, "invalid", errors[0]["detail"], errors=errors)


def problem_at(pointer: str, sentence: str, status: int = 422, code: str = "invalid") -> Problem:
    """Return the problem of one field of the body, whose fault is the whole fault."""
    error = {"pointer": pointer, "detail": sentence}
    return Problem(status, code, sentence, errors=[error])


def not_there(pointer: str) -> Problem:
    """Return the problem of an id in the body that is not there, or not the caller's."""
    return problem_at(pointer, NOT_FOUND, 404, "not_found")


def unavailable(error: DatabaseError | InterfaceError) -> Problem:
    """Return the problem of a request that found rows locked, or no database: nothing was done."""
    logger.warning("A request of the API met a busy database (%s).", fault_of(error))
    return Problem(
        503,
        "busy",
        "Nothing was done. Send the request again, with the same Idempotency-Key.",
        headers={"Retry-After": str(TRY_AGAIN_SECONDS)},
    )


def failed(error: Exception) -> Problem:
    logger.error("A request of the API failed (%s at %s).", fault_of(error), origin_of(error))
    return Problem(500, "internal_error", "Something failed here, and nothing was done.")


def errors_of(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """Yield {pointer, detail} for each leaf of a serializer's errors."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            own = path if name == "non_field_errors" else f"{path}/{escaped(name)}"
            yield from errors_of(inner, own)
    elif isinstance(detail, list) and any(isinstance(each, Mapping | list) for each in detail):
        for index, inner in enumerate(detail):
            yield from errors_of(inner, f"{path}/{index}")
    else:
        for sentence in detail if isinstance(detail, list) else [detail]:
            yield {"pointer": path, "detail": str(sentence)}


def escaped(name: Any) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")


def members_of(problem: Problem) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": HTTPStatus(problem.status_code).phrase,
        "status": problem.status_code,
        "detail": problem.sentence,
        "code": problem.code,
        "errors": problem.errors,
        **problem.more,
        "request_id": current_request_id(),
    }


def answer(error: Exception, context: Mapping[str, Any]) -> Response:
    """Answer whatever a view raised; Django REST framework's EXCEPTION_HANDLER."""
    problem = problem_of(error)
    return Response(
        members_of(problem),
        status=problem.status_code,
        headers=problem.headers,
        content_type=MEDIA_TYPE,
    )


def plain(problem: Problem) -> JsonResponse:
    """Answer outside Django REST framework's views."""
    return JsonResponse(
        members_of(problem),
        status=problem.status_code,
        headers=problem.headers,
        content_type=MEDIA_TYPE,
    )
