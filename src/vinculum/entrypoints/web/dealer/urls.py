"""The addresses of the dealer's portal."""

from vinculum.entrypoints.web.dealer import deals, desk, home
from vinculum.entrypoints.web.doors import door

urlpatterns = [
    door(
        "dealer/",
        home.home,
        name="dealer_home",
        act="list_applications",
        also="hold_application show_stock show_funds",
    ),
    door(
        "dealer/register/",
        desk.register,
        name="dealer_register",
        act="register_vehicle",
        also="quote_registration hold_application find_customer",
        methods="GET POST",
        keeps_typed=True,
    ),
    door(
        "dealer/register/quote/",
        desk.quote_part,
        name="dealer_quote",
        act="quote_registration",
        methods="POST",
    ),
    door(
        "dealer/register/decode/",
        desk.decode_part,
        name="dealer_decode",
        act="quote_registration",
        methods="POST",
    ),
    door(
        "dealer/register/owner/<int:owner>/",
        desk.owner_part,
        name="dealer_owner",
        act="find_customer",
        also="quote_registration",
        methods="POST",
    ),
    door("dealer/held/", deals.held, name="dealer_held", act="release_application"),
    door(
        "dealer/held/<uuid:application_id>/take-up/",
        deals.take_up,
        name="dealer_take_up",
        act="release_application",
        methods="POST",
    ),
    door(
        "dealer/held/<uuid:application_id>/give-up/",
        deals.give_up,
        name="dealer_give_up",
        act="abandon_application",
        methods="POST",
    ),
    door("dealer/deals/", deals.processed, name="dealer_processed", act="list_applications"),
    door("dealer/deals/<uuid:application_id>/", deals.show, name="dealer_deal", act="show_application"),
    door(
        "dealer/deals/<uuid:application_id>/void/",
        deals.void,
        name="dealer_void",
        act="void_registration",
        methods="POST",
    ),
    door(
        "dealer/deals/<uuid:application_id>/certificate.pdf",
        deals.certificate,
        name="dealer_certificate",
        act="print_certificate",
    ),
]
