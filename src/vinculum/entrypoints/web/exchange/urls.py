"""The addresses of the title exchange's pages."""

from vinculum.entrypoints.web.doors import door
from vinculum.entrypoints.web.exchange import (
    advice,
    cases,
    data_changes,
    desk,
    investigations,
    recalled,
    reporters,
    reports,
)
from vinculum.entrypoints.web.exchange.alert_urls import urlpatterns as alert_site
from vinculum.entrypoints.web.exchange.batch_urls import urlpatterns as batch
from vinculum.entrypoints.web.exchange.clone_urls import urlpatterns as clones
from vinculum.entrypoints.web.exchange.correction_urls import urlpatterns as corrections

urlpatterns = [
    door("reports/", reports.home, name="jsi_home", act="report_jsi"),
    door("reports/one/", reports.report, name="jsi_report", act="report_jsi", methods="POST"),
    door("reports/file/", reports.upload, name="jsi_upload", act="report_jsi", methods="POST"),
    door("reports/nothing/", reports.nothing_obtained, name="jsi_nothing", act="report_jsi", methods="POST"),
    door(
        "title-exchange/",
        desk.home,
        name="exchange_home",
        act="show_exchange_desk",
        also="work_exchange_case",
    ),
    door("title-exchange/recalled/", recalled.show, name="exchange_recalled", act="show_exchange_desk"),
    door("title-exchange/advice/", advice.show, name="exchange_advice", act="show_exchange_desk"),
    door("title-exchange/contacts/", desk.contact_list, name="exchange_contacts", act="show_exchange_desk"),
    door(
        "title-exchange/contacts/keep/",
        desk.keep_contact,
        name="exchange_keep_contact",
        act="keep_contact",
        also="show_exchange_desk",
        methods="POST",
    ),
    door("title-exchange/findings/", investigations.listed, name="exchange_findings", act="show_findings"),
    door(
        "title-exchange/findings/<str:vin>/<uuid:finding_id>/",
        investigations.one,
        name="exchange_finding",
        act="show_findings",
    ),
    door(
        "title-exchange/findings/<str:vin>/<uuid:finding_id>/decide/",
        investigations.decide_one,
        name="exchange_decide_finding",
        act="decide_finding",
        also="show_findings",
        methods="POST",
    ),
    door(
        "title-exchange/findings/<str:vin>/<uuid:finding_id>/ask/",
        investigations.ask_states,
        name="exchange_ask_states",
        act="decide_finding",
        also="show_findings work_exchange_case",
        methods="POST",
    ),
    door(
        "title-exchange/check/",
        cases.check,
        name="exchange_check",
        act="work_exchange_case",
        methods="GET POST",
    ),
    door("title-exchange/cases/", cases.listed, name="exchange_cases", act="work_exchange_case"),
    door(
        "title-exchange/cases/open/",
        cases.open_case,
        name="exchange_open_case",
        act="work_exchange_case",
        methods="POST",
    ),
    door(
        "title-exchange/cases/<str:vin>/<uuid:case_id>/",
        cases.one,
        name="exchange_case",
        act="work_exchange_case",
    ),
    door(
        "title-exchange/cases/<str:vin>/<uuid:case_id>/move/",
        cases.move,
        name="exchange_move_case",
        act="work_exchange_case",
        methods="POST",
    ),
    door("title-exchange/changes/", data_changes.listed, name="exchange_changes", act="work_exchange_case"),
    door(
        "title-exchange/changes/propose/",
        data_changes.propose,
        name="exchange_propose_change",
        act="work_exchange_case",
        methods="POST",
    ),
    door(
        "title-exchange/changes/<str:vin>/<uuid:request_id>/",
        data_changes.one,
        name="exchange_change",
        act="work_exchange_case",
    ),
    door(
        "title-exchange/changes/<str:vin>/<uuid:request_id>/act/",
        data_changes.act,
        name="exchange_act_on_change",
        act="work_exchange_case",
        methods="POST",
    ),
    *clones,
    *corrections,
    *batch,
    door("title-exchange/reporters/", reporters.listed, name="exchange_reporters", act="show_reporters"),
    door(
        "title-exchange/reporters/register/",
        reporters.register,
        name="exchange_register_reporter",
        act="register_reporter",
        also="show_reporters",
        methods="POST",
    ),
    *alert_site,
]
