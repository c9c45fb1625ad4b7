"""The addresses of the agency's portal."""

from vinculum.entrypoints.web.dmv import book, home
from vinculum.entrypoints.web.doors import door

urlpatterns = [
    door("dmv/", home.home, name="dmv_home", act="show_my_sign_in"),
    door("dmv/search/", book.search, name="dmv_search", act="search_book", methods="GET POST"),
    door("dmv/customer/", book.customer, name="dmv_customer", act="show_customer_story", methods="GET POST"),
    door("dmv/vehicle/", book.vehicle, name="dmv_vehicle", act="show_vehicle_story", methods="GET POST"),
    door("dmv/title/", book.title, name="dmv_title", act="show_title_story", methods="GET POST"),
]
