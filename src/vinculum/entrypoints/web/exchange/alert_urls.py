"""The addresses of the alert site. It hides: to who is no user of it, what is there answers as what is not."""

from vinculum.entrypoints.web.doors import door
from vinculum.entrypoints.web.exchange import alert_users, alerts

urlpatterns = [
    door("title-exchange/alerts/", alerts.listed, name="alerts", act="show_alerts", hides=True),
    door(
        "title-exchange/alerts/new/",
        alerts.post,
        name="alert_new",
        act="post_alert",
        also="show_alerts",
        methods="GET POST",
        hides=True,
    ),
    door("title-exchange/alerts/<uuid:alert_id>/", alerts.one, name="alert", act="show_alerts", hides=True),
    door(
        "title-exchange/alerts/<uuid:alert_id>/files/<int:position>/",
        alerts.file,
        name="alert_file",
        act="show_alerts",
        hides=True,
    ),
    door(
        "title-exchange/alerts/<uuid:alert_id>/update/",
        alerts.update,
        name="alert_update",
        act="post_alert",
        also="show_alerts",
        methods="POST",
        hides=True,
    ),
    door(
        "title-exchange/alerts/<uuid:alert_id>/close/",
        alerts.close,
        name="alert_close",
        act="post_alert",
        also="show_alerts",
        methods="POST",
        hides=True,
    ),
    door(
        "title-exchange/alerts/access/",
        alert_users.access,
        name="alert_access",
        act="ask_alert_access",
        hides=True,
    ),
    door(
        "title-exchange/alerts/access/ask/",
        alert_users.ask,
        name="alert_ask",
        act="ask_alert_access",
        methods="POST",
        hides=True,
    ),
    door(
        "title-exchange/alert-users/",
        alert_users.listed,
        name="alert_users",
        act="decide_alert_user",
        hides=True,
    ),
    door(
        "title-exchange/alert-users/<uuid:person_id>/decide/",
        alert_users.decide,
        name="alert_decide",
        act="decide_alert_user",
        methods="POST",
        hides=True,
        step_up=True,
    ),
    door(
        "title-exchange/alert-users/<uuid:person_id>/end/",
        alert_users.end,
        name="alert_end",
        act="decide_alert_user",
        methods="POST",
        hides=True,
        step_up=True,
    ),
]
