"""The operation by which the exchange asks this state for the live detail of one of its titles (N-202)."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from vinculum.entrypoints.api import clock
from vinculum.entrypoints.api.bearer import BearerKey, actor_of
from vinculum.entrypoints.api.bodies import NotFound, body_of
from vinculum.entrypoints.api.reading import MalformedRequest, read_document
from vinculum.protocol.fields import field_problems
from vinculum.protocol.json_codec import MalformedMessage, decode_answer, encode_answer
from vinculum.protocol.state_detail import StateDetail, StateDetailRequest
from vinculum.state.transactions import tell_title_detail

router = Router(tags=["exchange"])


@router.post(
    "/title-details",
    auth=BearerKey("tell_title_detail"),
    response=StateDetail,
    operation_id="tell_title_detail",
    openapi_extra=body_of("StateDetailRequest"),
)
def title_detail(request: HttpRequest) -> HttpResponse:
    """The live detail of a title of this state, for the exchange's program: no owner, no address; each is kept."""
    read_document(request)
    try:
        asked = decode_answer(StateDetailRequest, request.body)
    except MalformedMessage as fault:
        raise MalformedRequest(f"The body is not a question of the exchange: {fault}.") from None
    faults = field_problems(asked)
    if faults:
        raise MalformedRequest(" ".join(fault.text for fault in faults))
    told = tell_title_detail.run(asked, actor=actor_of(request), at=clock.now())
    if told is None:
        raise NotFound
    return HttpResponse(encode_answer(told), content_type="application/json")
