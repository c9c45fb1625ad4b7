"""The addresses of the town's portal."""

from vinculum.entrypoints.web.doors import door
from vinculum.entrypoints.web.town import stops

urlpatterns = [
    door("town/", stops.home, name="town_home", act="put_on_stop"),
    door("town/put-on/", stops.put_on, name="town_put_on", act="put_on_stop", methods="POST"),
    door("town/take-off/", stops.take_off, name="town_take_off", act="take_off_stop", methods="POST"),
]
