"""One kill test at work: the databases, the clerks, the service if there is one, and what was seen."""

import pickle
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import trouble
from clerks import Clerk, Journal
from counters import HttpCounter, PipeCounter, start_process
from desk_process import Breakage, Opening
from invariants import look, lost_or_changed
from served import Served
from work_orders import Prepared, Wish

from vinculum.config.scratch import ScratchDatabases

_PREPARE = Path(__file__).with_name("prepare_process.py")
_WORK_SECONDS = 200
_DELIVERY_SECONDS = 90


@dataclass(kw_only=True)
class Shop:
    """The whole of a test: who works, what may be killed, what was found wrong."""

    databases: ScratchDatabases
    prepared: Prepared
    log: Path
    served: Served
    journal: Journal = field(default_factory=Journal)
    clerks: list[Clerk] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    recoveries: list[float] = field(default_factory=list)

    def open_at_server(self) -> None:
        """Send the clerks to the server's API."""
        self.served.start(with_server=True)
        for orders in self.prepared.orders:
            counter = HttpCounter(self.served.address, keys=self.prepared.keys)
            self.clerks.append(Clerk(orders, counter=counter, journal=self.journal))
        for clerk in self.clerks:
            clerk.start()

    def open_at_desks(self, breakage: Breakage = "") -> None:
        """Send each clerk to a desk of its own, sound or broken."""
        opening = Opening(
            state_url=self.databases.state_url,
            national_url=self.databases.national_url,
            service_key=self.prepared.service_key,
            breakage=breakage,
        )
        self.served.start(with_server=False)
        for orders in self.prepared.orders:
            counter = PipeCounter(opening, log=self.log)
            self.clerks.append(Clerk(orders, counter=counter, journal=self.journal))
        for clerk in self.clerks:
            clerk.start()

    def kill(self, kind: trouble.Kill, chance: random.Random) -> None:
        """Kill something; where it was the database, see it recover and look at the book at once."""
        if kind == "server":
            self.served.kill("server")
            return
        if kind == "worker":
            self.served.kill_worker(chance)
            return
        if kind == "messenger":
            self.served.kill("jobs")
            return
        began = time.monotonic()
        if kind == "session":
            trouble.kill_session(self.databases, chance)
        elif kind == "postmaster":
            trouble.kill_postmaster(self.databases)
        else:
            trouble.stop_immediately(self.databases)
        trouble.recover(self.databases)
        self.recoveries.append(time.monotonic() - began)
        self.look(f"after {kind}")

    def look(self, when: str) -> None:
        """Hold the database against every promise and every acknowledgment given so far."""
        acknowledged = self.journal.acknowledged()
        snapshot = look(self.databases.admin_state_url)
        found = [*snapshot.broken, *lost_or_changed(snapshot, acknowledged)]
        self.faults += [f"{when}: {fault}" for fault in found]

    def finish(self) -> None:
        """Wait until all work is done, whoever had to do it; every clerk's failure is a failure here."""
        give_up = time.monotonic() + _WORK_SECONDS
        for clerk in self.clerks:
            clerk.join(timeout=max(0.0, give_up - time.monotonic()))
            assert not clerk.is_alive(), "a clerk is still waiting for an answer"
            if clerk.failure is not None:
                raise AssertionError(f"{clerk.failure!r}\n{self.log.read_text()}") from clerk.failure
        self.look("at the end")
        self.faults += self._money()

    def deliver_everything(self) -> None:
        """A new messenger works until nothing is owed."""
        self.served.kill("jobs")
        give_up = time.monotonic() + _DELIVERY_SECONDS
        with psycopg.connect(self.databases.admin_state_url, autocommit=True) as connection:
            while connection.execute("SELECT 1 FROM outbox.message WHERE state = 'pending'").fetchone():
                assert time.monotonic() < give_up, self.log.read_text(encoding="utf-8")[-3000:]
                time.sleep(0.1)
            refused = connection.execute("SELECT kind, answer FROM outbox.message WHERE state = 'refused'")
            self.faults += [f"the exchange refused {kind}: {answer}" for kind, answer in refused.fetchall()]
        self.look("after delivery")

    def pointers(self) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
        """Connecticut's current titles as the exchange knows them, and as the book knows them."""
        with psycopg.connect(self.databases.admin_national_url) as connection:
            told = connection.execute(
                "SELECT vin, title_number FROM exchange.pointer WHERE jurisdiction = 'CT'"
            ).fetchall()
        with psycopg.connect(self.databases.admin_state_url) as connection:
            open_titles = connection.execute(
                "SELECT vin, number FROM book.title WHERE closed_by IS NULL"
            ).fetchall()
        return set(told), set(open_titles)

    def _money(self) -> list[str]:
        """Each dealer's balance against the receipts its clerks hold: what was charged once and refunded once."""
        due = Counter(self.prepared.deposited_cents)
        for key, answers in self.journal.acknowledged().items():
            dealer, document = self.journal.asked[key].actor.organisation_id, answers[0]
            if "receipt" in document:
                due[dealer] -= _cents(document["receipt"]["charged"])
            due[dealer] += _cents(document.get("refunded", "0.00"))
        with psycopg.connect(self.databases.admin_state_url) as connection:
            rows = connection.execute(
                "SELECT organisation_id, balance_cents FROM ledger.account WHERE kind = 'dealer_funds'"
            ).fetchall()
        return [
            f"money: {dealer} has {cents} and its receipts say {due[dealer]}"
            for dealer, cents in rows
            if due[dealer] != cents
        ]

    def registered(self) -> int:
        """How many registrations were acknowledged."""
        return sum("receipt" in answers[0] for answers in self.journal.acknowledged().values())

    def story(self) -> str:
        """The figures, for whoever reads the test's output."""
        said = self.journal.acknowledged().values()
        voids = sum("refunded" in answers[0] for answers in said)
        refused = sum("refusals" in answers[0] for answers in said)
        counts = ", ".join(f"{what}: {number}" for what, number in sorted(self.journal.counts.items()))
        return (
            f"{self.registered()} registered, {voids} voided, {refused} refused; {len(self.recoveries)} recoveries,"
            f" the slowest {max(self.recoveries, default=0.0):.1f} s; {counts}"
        )


def _cents(amount: str) -> int:
    dollars, _, cents = amount.partition(".")
    return int(dollars) * 100 + int(cents.ljust(2, "0"))


def open_shop(databases: ScratchDatabases, wish: Wish, *, folder: Path) -> Shop:
    """A shop with its work prepared and nobody at work yet."""
    paper, log = folder / "prepared", folder / "processes.log"
    paper.write_bytes(pickle.dumps((databases, wish)))
    preparing = start_process(str(_PREPARE), str(paper), log=log)
    preparing.communicate()
    assert preparing.returncode == 0, log.read_text(encoding="utf-8")[-3000:]
    prepared: Prepared = pickle.loads(paper.read_bytes())
    settings = {
        "DATABASE_URL": databases.state_url,
        "NATIONAL_DATABASE_URL": databases.national_url,
        "VINCULUM_SERVICE_KEY": prepared.service_key,
        "VINCULUM_OUTBOX_SECONDS": "0.1",
        "VINCULUM_LOG_LEVEL": "WARNING",
    }
    served = Served(settings=settings, log=log)
    return Shop(databases=databases, prepared=prepared, log=log, served=served)
