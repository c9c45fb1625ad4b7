"""All addresses of the pages. Each is made by `door`, which says what act of the permission table it is."""

from django.urls import include, path

from vinculum.entrypoints.web import frontpage
from vinculum.entrypoints.web.dealer.urls import urlpatterns as dealer
from vinculum.entrypoints.web.dmv.urls import urlpatterns as dmv
from vinculum.entrypoints.web.doors import door
from vinculum.entrypoints.web.exchange.urls import urlpatterns as exchange
from vinculum.entrypoints.web.public import history
from vinculum.entrypoints.web.town.urls import urlpatterns as town

urlpatterns = [
    door("", frontpage.home, name="home", act=None),
    door("office/", frontpage.office, name="office_home", act="show_my_sign_in"),
    door("about/accessibility/", frontpage.accessibility, name="accessibility", act=None),
    door("history/", history.search, name="history_search", act=None),
    door("history/report.pdf", history.paper, name="history_paper", act=None),
    door("history/shared/<str:token>/", history.shared, name="history_shared", act=None),
    *dealer,
    *dmv,
    *exchange,
    *town,
    path("account/", include("vinculum.entrypoints.web.account.urls")),
]
