"""The addresses of the pages for batch files: sent, followed, reported on."""

from vinculum.entrypoints.web.doors import door
from vinculum.entrypoints.web.exchange import batch_files, bench, sew_reports, told_by_file

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
        "title-exchange/files/<uuid:file_id>/answer.<str:form>",
        batch_files.answer,
        name="exchange_answer_file",
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
    door("title-exchange/notices/", told_by_file.notices, name="exchange_notices", act="work_batch_files"),
    door(
        "title-exchange/notices/<uuid:file_id>/file.<str:form>",
        told_by_file.notice_file,
        name="exchange_notice_file",
        act="work_batch_files",
    ),
    door(
        "title-exchange/notices/<uuid:file_id>/confirm/",
        told_by_file.confirm,
        name="exchange_confirm_notices",
        act="work_batch_files",
        methods="POST",
    ),
    door(
        "title-exchange/surrendered/",
        told_by_file.surrenders,
        name="exchange_surrenders",
        act="show_surrender_reports",
    ),
    door(
        "title-exchange/surrendered/<str:code>/<str:month>/",
        told_by_file.surrender,
        name="exchange_surrender",
        act="show_surrender_reports",
    ),
    door(
        "title-exchange/surrendered/<str:code>/<str:month>/report.<str:form>",
        told_by_file.surrender_paper,
        name="exchange_surrender_paper",
        act="show_surrender_reports",
    ),
]
