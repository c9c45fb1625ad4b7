"""What programs send: the bodies of requests beside the deal, and their schemas for the API's description."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field, with_config

from vinculum.entrypoints.api.reading import MalformedRequest
from vinculum.protocol.state_detail import StateDetailRequest
from vinculum.state.casework.deal_json import DEAL

_REF = "#/components/schemas/{model}"


class NotFound(LookupError):
    """There is no such thing among those that the caller may see: another's and none answer alike (D-105)."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Void:
    """Why a registration is voided, and the dealer's certification that the vehicle has not left the lot (D-603)."""

    reason: Annotated[str, Field(min_length=3, max_length=500)]
    not_left_lot: bool


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A deal to put on hold, complete or not; `application_id` names the application it already is."""

    deal: dict[str, Any]
    application_id: UUID | None = None


def body_of(schema: str) -> dict[str, Any]:
    """The description of a JSON body of this schema."""
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": _REF.format(model=schema)}}},
        }
    }


def split_application(document: Mapping[str, Any]) -> tuple[dict[str, Any], UUID | None]:
    """The deal, and the application it was taken up from if the body names one."""
    deal = dict(document)
    named = deal.pop("application_id", None)
    if named is None:
        return deal, None
    try:
        return deal, UUID(named)
    except (ValueError, TypeError, AttributeError):
        raise MalformedRequest("application_id is not the id of an application.") from None


def body_schemas() -> dict[str, Any]:
    """The schemas of all bodies, by name, for the components of the description."""
    from vinculum.entrypoints.api.answers import adapter_of

    deal = DEAL.json_schema(ref_template=_REF)
    schemas: dict[str, Any] = deal.pop("$defs", {})
    order = copy.deepcopy(deal)
    order["title"] = "RegistrationOrder"
    order["description"] = "A deal to process; `application_id` names the application it was taken up from."
    order["properties"]["application_id"] = {
        "anyOf": [{"type": "string", "format": "uuid"}, {"type": "null"}],
        "default": None,
    }
    schemas |= {
        "Deal": deal,
        "RegistrationOrder": order,
        "DraftDeal": {
            "type": "object",
            "title": "DraftDeal",
            "description": "A deal as far as it is known: the fields of Deal, none of them required.",
            "properties": {name: _loosely(held) for name, held in deal["properties"].items()},
        },
    }
    for shape in (Void, Hold, StateDetailRequest):
        described = adapter_of(shape).json_schema(ref_template=_REF)
        schemas |= described.pop("$defs", {})
        schemas[shape.__name__] = described
    return schemas


def _loosely(field: dict[str, Any]) -> dict[str, Any]:
    """A field of a draft: a part of a deal may be incomplete itself, so only its kind is said."""
    if "$ref" in field:
        return {"type": "object", "description": f"the fields of {field['$ref'].rsplit('/', 1)[-1]}"}
    return {key: held for key, held in field.items() if key != "default"}
