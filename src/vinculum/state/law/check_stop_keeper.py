"""Who may put a stop on a customer and take it off: a town only its own for delinquent property tax (M-401)."""

from vinculum.kernel.refusal import Refusal
from vinculum.state.law.catalogue import refuse


def check_stop_keeper(
    *, kind: str, town_code: str, organisation_kind: str, organisation_code: str, organisation_name: str
) -> tuple[Refusal, ...]:
    """M-401: the stop of another town, or one that is not for tax, is none of a town's business."""
    if organisation_kind != "town" or (kind == "delinquent_tax" and town_code == organisation_code):
        return ()
    return (refuse("stop_of_another_town", field="town_code", town=organisation_name),)
