"""The addresses of the pages on which two vehicles on one VIN are taken apart."""

from vinculum.entrypoints.web.doors import door
from vinculum.entrypoints.web.exchange import clones

_CASE = "title-exchange/clones/<str:vin>/<uuid:case_id>/"
_ACT = "work_clone_case"

urlpatterns = [
    door("title-exchange/clones/", clones.listed, name="exchange_clones", act=_ACT),
    door(
        "title-exchange/clones/draft/",
        clones.draft,
        name="exchange_draft_clone",
        act=_ACT,
        methods="GET POST",
    ),
    door(_CASE, clones.one, name="exchange_clone", act=_ACT),
    door(
        _CASE + "decide/", clones.decide, name="exchange_decide_clone", act=_ACT, methods="POST", step_up=True
    ),
    door(_CASE + "withdraw/", clones.withdraw, name="exchange_withdraw_clone", act=_ACT, methods="POST"),
    door(
        _CASE + "apply/",
        clones.apply,
        name="exchange_apply_clone",
        act="apply_clone_undo",
        also=_ACT,
        methods="POST",
        step_up=True,
    ),
]
