"""What every API here says in the same words: refusals, requests that cannot be read, rates, faults."""

import logging

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from vinculum.entrypoints.api.bearer import TooManyRequests
from vinculum.entrypoints.api.problems import problem, refused
from vinculum.entrypoints.api.reading import MalformedRequest
from vinculum.kernel.refusal import Refused


def say_alike(api: NinjaAPI, *, log: logging.Logger) -> None:
    """Let the API say these; a fault that nothing else answers goes into the log."""

    @api.exception_handler(Refused)
    def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
        return refused(request, refusal.refusals)

    @api.exception_handler(ValidationError)
    def _invalid(request: HttpRequest, fault: ValidationError) -> HttpResponse:
        said = "; ".join(f"{error['loc'][-1]}: {error['msg']}" for error in fault.errors[:10])
        return problem(request, 400, f"The request cannot be read: {said}.")

    @api.exception_handler(MalformedRequest)
    def _malformed(request: HttpRequest, fault: MalformedRequest) -> HttpResponse:
        return problem(request, 400, str(fault))

    @api.exception_handler(TooManyRequests)
    def _slow_down(request: HttpRequest, over: TooManyRequests) -> HttpResponse:
        return problem(
            request,
            429,
            f"Too many requests; come again in {over.seconds} s.",
            headers={"Retry-After": str(over.seconds)},
        )

    @api.exception_handler(Exception)
    def _fault(request: HttpRequest, fault: Exception) -> HttpResponse:
        log.error("fault", exc_info=fault, extra={"fault": type(fault).__name__})
        return problem(request, 500, "A fault of the service, which has been noted under this request's id.")
