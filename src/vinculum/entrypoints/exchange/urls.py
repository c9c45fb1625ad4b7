"""Addresses of the exchange, below /exchange/v1/."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt

from vinculum.entrypoints.exchange.description import openapi
from vinculum.entrypoints.exchange.desks.desk_door import desks
from vinculum.entrypoints.exchange.door import problem_document
from vinculum.entrypoints.exchange.file_answers import answer
from vinculum.entrypoints.exchange.files import code_counts, file, files, report
from vinculum.entrypoints.exchange.jsi_files import jsi_file_report, jsi_files
from vinculum.entrypoints.exchange.jsi_reports import jsi_reports
from vinculum.entrypoints.exchange.look_ups import acknowledgement, advice, notices
from vinculum.entrypoints.exchange.notice_files import confirmation, notice_file, notice_files
from vinculum.entrypoints.exchange.recalled import recalled
from vinculum.entrypoints.exchange.stock import destruction, reports
from vinculum.entrypoints.exchange.stock import report as stock_report
from vinculum.entrypoints.exchange.surrender_reports import surrender_report, surrender_reports
from vinculum.entrypoints.exchange.uploads import upload, uploads
from vinculum.entrypoints.exchange.views import messages


@csrf_exempt  # no cookie is looked at here
def nowhere(_request: HttpRequest) -> HttpResponse:
    """Nothing has this address; programs are told so as of every other fault."""
    return problem_document(
        404, "No such address", "Nothing has this address; see /exchange/v1/openapi.json."
    )


urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", openapi, name="exchange-openapi"),
    path("messages", messages, name="exchange-messages"),
    path("advice", advice, name="exchange-advice"),
    path("jsi-reports", jsi_reports, name="exchange-jsi-reports"),
    path("jsi-files", jsi_files, name="exchange-jsi-files"),
    path("jsi-files/<uuid:file_id>/report", jsi_file_report, name="exchange-jsi-file-report"),
    path("files", files, name="exchange-files"),
    path("files/<uuid:file_id>", file, name="exchange-file"),
    path("files/<uuid:file_id>/report", report, name="exchange-file-report"),
    path("files/<uuid:file_id>/answer", answer, name="exchange-file-answer"),
    path("uploads", uploads, name="exchange-uploads"),
    path("uploads/<uuid:upload_id>", upload, name="exchange-upload"),
    path("surrender-reports", surrender_reports, name="exchange-surrender-reports"),
    path("surrender-reports/<str:month>", surrender_report, name="exchange-surrender-report"),
    path("code-counts", code_counts, name="exchange-code-counts"),
    path("recalled-titles", recalled, name="exchange-recalled-titles"),
    path("missing-stock", reports, name="exchange-missing-stock"),
    path("missing-stock/<uuid:report_id>", stock_report, name="exchange-missing-stock-report"),
    path(
        "missing-stock/<uuid:report_id>/destruction", destruction, name="exchange-missing-stock-destruction"
    ),
    path("notices", notices, name="exchange-notices"),
    path("notice-files", notice_files, name="exchange-notice-files"),
    path("notice-files/<uuid:file_id>", notice_file, name="exchange-notice-file"),
    path("notice-files/<uuid:file_id>/confirmation", confirmation, name="exchange-notice-file-confirmation"),
    path("notices/<str:vin>/<uuid:notice_id>", acknowledgement, name="exchange-acknowledgement"),
    path("desks/", desks.urls),
    re_path("", nowhere),
]
