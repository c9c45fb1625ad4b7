"""The addresses of the pages on which VINs are corrected."""

from vinculum.entrypoints.web.doors import door
from vinculum.entrypoints.web.exchange import vin_corrections

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
]
