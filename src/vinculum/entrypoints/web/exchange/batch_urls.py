"""The addresses of the pages for batch files: sent, followed, reported on."""

from vinculum.entrypoints.web.doors import door
from vinculum.entrypoints.web.exchange import batch_files, bench, sew_reports

urlpatterns = [
    door("title-exchange/files/", batch_files.listed, name="exchange_files", act="work_batch_files"),
    door(
        "title-exchange/files/send/",
        batch_files.upload,
        name="exchange_send_file",
        act="work_batch_files",
        methods="POST",
    ),
    door(
        "title-exchange/files/<uuid:file_id>/",
        sew_reports.show,
        name="exchange_sew_report",
        act="work_batch_files",
    ),
    door(
        "title-exchange/files/<uuid:file_id>/report.<str:form>",
        sew_reports.paper,
        name="exchange_sew_paper",
        act="work_batch_files",
    ),
    door(
        "title-exchange/files/<uuid:file_id>/cancel/",
        batch_files.cancel,
        name="exchange_cancel_file",
        act="work_batch_files",
        methods="POST",
    ),
    door("title-exchange/bench/", bench.show, name="exchange_bench", act="work_batch_files"),
    door(
        "title-exchange/bench/acknowledge/",
        bench.acknowledge,
        name="exchange_acknowledge",
        act="work_batch_files",
        methods="POST",
    ),
    door(
        "title-exchange/bench/take-up/",
        bench.take_up,
        name="exchange_take_up",
        act="work_batch_files",
        methods="POST",
    ),
]
