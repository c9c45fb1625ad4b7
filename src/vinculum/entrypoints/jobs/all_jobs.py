"""Every job of the systems that run here, side by side."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings

from vinculum.entrypoints.jobs import batch_files, exchange_papers, findings_scan, mailroom, outbox_delivery


def run_until(stop: threading.Event) -> None:
    """Run the jobs until told to stop. When one fails all end, and with them the process, for somebody to see."""
    systems = (
        ("state", outbox_delivery.run_until),
        ("national", batch_files.run_until),
        ("national", findings_scan.run_until),
        ("national", mailroom.run_until),
        ("national", exchange_papers.run_until),
    )
    jobs = [job for system, job in systems if system in settings.SYSTEMS]
    with ThreadPoolExecutor(max_workers=len(jobs)) as running:
        begun = [running.submit(job, stop) for job in jobs]
        for one in begun:
            one.add_done_callback(lambda _done: stop.set())
        # Short waits, so that a signal is heard in between.
        while not stop.wait(0.5):
            pass
    for one in begun:
        one.result()
