"""The description of the API: as JSON for programs, and as pages to read and try."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from tenants.web.page_policy import page_policy


@cache
def description() -> dict[str, Any]:
    """Return the OpenAPI description. It is open to everybody: it names nothing of any business."""
    return SchemaGenerator().get_schema(request=None, public=True)


@require_safe
@cache_control(public=True, max_age=300)
def schema(request: HttpRequest) -> JsonResponse:
    return JsonResponse(description())


@require_safe
def pages(request: HttpRequest) -> HttpResponse:
    response = render(request, "api/docs.html")
    # Swagger UI's style sheet and its logo are pictures of their own
    response["Content-Security-Policy"] = page_policy(img_src="'self' data:")
    return response
