"""The addresses of the pages on which VINs are corrected, brands are taken back, and evidence is kept."""

from vinculum.entrypoints.web.doors import door
from vinculum.entrypoints.web.exchange import evidence, rescissions, vin_corrections

_ACT = "work_vin_correction"
_ONE = "title-exchange/corrections/<str:vin>/<uuid:correction_id>/"

urlpatterns = [
    door("title-exchange/corrections/", vin_corrections.listed, name="exchange_corrections", act=_ACT),
    door(
        "title-exchange/corrections/begin/",
        vin_corrections.begin,
        name="exchange_begin_correction",
        act=_ACT,
        methods="POST",
    ),
    door(_ONE, vin_corrections.one, name="exchange_correction", act=_ACT),
    door(_ONE + "verify/", vin_corrections.verify, name="exchange_verify_vehicle", act=_ACT, methods="POST"),
    door(
        _ONE + "withdraw/",
        vin_corrections.withdraw,
        name="exchange_withdraw_correction",
        act=_ACT,
        methods="POST",
    ),
    door("title-exchange/brands/", rescissions.listed, name="exchange_rescissions", act="rescind_brand"),
    door(
        "title-exchange/brands/own/",
        rescissions.show_brands,
        name="exchange_own_brands",
        act="rescind_brand",
        methods="POST",
    ),
    door(
        "title-exchange/brands/propose/",
        rescissions.propose,
        name="exchange_propose_rescission",
        act="rescind_brand",
        methods="POST",
    ),
    door(
        "title-exchange/brands/<str:vin>/<uuid:rescission_id>/decide/",
        rescissions.decide,
        name="exchange_decide_rescission",
        act="rescind_brand",
        methods="POST",
        step_up=True,
    ),
    door(
        "title-exchange/evidence/<str:kind>/<str:vin>/<uuid:subject_id>/",
        evidence.keep,
        name="exchange_keep_evidence",
        act="keep_evidence",
        methods="POST",
    ),
    door(
        "title-exchange/evidence/<str:vin>/<uuid:evidence_id>/",
        evidence.show,
        name="exchange_evidence",
        act="keep_evidence",
    ),
]
