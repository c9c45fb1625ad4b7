"""The addresses of the title exchange's pages."""

from vinculum.entrypoints.web.doors import door
from vinculum.entrypoints.web.exchange import reporters, reports

urlpatterns = [
    door("reports/", reports.home, name="jsi_home", act="report_jsi"),
    door("reports/one/", reports.report, name="jsi_report", act="report_jsi", methods="POST"),
    door("reports/file/", reports.upload, name="jsi_upload", act="report_jsi", methods="POST"),
    door("reports/nothing/", reports.nothing_obtained, name="jsi_nothing", act="report_jsi", methods="POST"),
    door("title-exchange/reporters/", reporters.listed, name="exchange_reporters", act="show_reporters"),
    door(
        "title-exchange/reporters/register/",
        reporters.register,
        name="exchange_register_reporter",
        act="register_reporter",
        also="show_reporters",
        methods="POST",
    ),
]
