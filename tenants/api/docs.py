"""The description of the API: as JSON for programs, and as pages to read and try."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularAPIView


@method_decorator(cache_control(public=True, max_age=300), name="dispatch")
class Schema(SpectacularAPIView):
    """The OpenAPI description, open to everybody: it names nothing of any business."""

    permission_classes = []
    authentication_classes = []
    renderer_classes = [OpenApiJsonRenderer]


@require_safe
def pages(request: HttpRequest) -> HttpResponse:
    return render(request, "api/docs.html")
