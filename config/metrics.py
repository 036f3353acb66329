"""/metrics of the web process: what all of its gunicorn workers count, and the platform's state."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from messaging.monitoring import exposition


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the metrics to who has METRICS_TOKEN, else 401; to nobody where it is not set."""
    given = request.headers.get("Authorization", "")
    status, headers, body = exposition.answer(given, with_state=True)
    return HttpResponse(body, status=status, headers=headers)
