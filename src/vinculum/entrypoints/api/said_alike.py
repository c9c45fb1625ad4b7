"""What every API here says in the same words: refusals, bodies and requests that cannot be read, rates, faults."""

import logging

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import ValidationError

from vinculum.entrypoints.api.bearer import TooManyRequests
from vinculum.entrypoints.api.problems import problem, refused
from vinculum.entrypoints.api.reading import LONGEST_BODY, BodyTooLarge, MalformedRequest, NotJson
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

    @api.exception_handler(UnreadablePostError)
    def _unreadable(request: HttpRequest, _fault: UnreadablePostError) -> HttpResponse:
        return problem(request, 400, "The body ended before it was complete.")

    @api.exception_handler(BodyTooLarge)
    @api.exception_handler(RequestDataTooBig)
    def _too_large(request: HttpRequest, _fault: Exception) -> HttpResponse:
        return problem(
            request, 413, f"The body is larger than {LONGEST_BODY // 1024} KiB, as no request here is."
        )

    @api.exception_handler(NotJson)
    def _not_json(request: HttpRequest, _fault: NotJson) -> HttpResponse:
        return problem(request, 415, "The body is to be application/json.")

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
