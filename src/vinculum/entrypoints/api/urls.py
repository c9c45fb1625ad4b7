"""Where the API's operations are, and its own answer to addresses that are none of them."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt

from vinculum.entrypoints.api.door import api
from vinculum.entrypoints.api.problems import problem


@csrf_exempt  # no cookie is looked at here
def nowhere(request: HttpRequest) -> HttpResponse:
    """No operation has this address."""
    return problem(request, 404, "No operation has this address; see openapi.json.")


urlpatterns: list[URLPattern | URLResolver] = [
    path("", nowhere),
    path("", api.urls),
    re_path("", nowhere),
]
