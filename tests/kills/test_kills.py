"""Servers and databases are killed at random moments while clerks register: nothing acknowledged is lost, no
money is taken twice, no half registration is left.

The size is set by VINCULUM_KILL_REGISTRATIONS (200) and VINCULUM_KILLS (12), the moments by VINCULUM_KILL_SEED.
"""

import os
import pickle
import random
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
import trouble
from clerks import Clerk, Journal, start_process
from desk_process import Breakage, Opening
from invariants import look, lost_or_changed
from work_orders import Prepared, Wish

from vinculum.config.scratch import ScratchDatabases

REGISTRATIONS = int(os.environ.get("VINCULUM_KILL_REGISTRATIONS", "200"))
KILLS = int(os.environ.get("VINCULUM_KILLS", "12"))
SEED = int(os.environ.get("VINCULUM_KILL_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
CLERKS = 4


@dataclass(kw_only=True)
class Shop:
    """One kill test at work: the server, the clerks at their desks, the messenger, and what was seen."""

    databases: ScratchDatabases
    prepared: Prepared
    opening: Opening
    log: Path
    journal: Journal = field(default_factory=Journal)
    clerks: list[Clerk] = field(default_factory=list)
    messenger: "subprocess.Popen[bytes] | None" = None
    faults: list[str] = field(default_factory=list)
    recoveries: list[float] = field(default_factory=list)

    def open(self) -> None:
        """Send the clerks and the messenger to work."""
        self.start_messenger()
        self.clerks = [
            Clerk(orders, opening=self.opening, journal=self.journal, log=self.log)
            for orders in self.prepared.orders
        ]
        for clerk in self.clerks:
            clerk.start()

    def start_messenger(self) -> None:
        """A messenger in place of the one before."""
        if self.messenger is not None:
            self.messenger.kill()
            self.messenger.wait()
        self.messenger = start_process("messenger_process.py", log=self.log)
        self._instruct(self.messenger, until="killed")

    def deliver_everything(self) -> None:
        """The killed messenger's successor works until nothing is owed."""
        assert self.messenger is not None
        self.messenger.kill()
        self.messenger.wait()
        last = start_process("messenger_process.py", log=self.log)
        self._instruct(last, until="nothing_is_owed")
        assert last.wait(timeout=60) == 0, self.log.read_text(encoding="utf-8")[-2000:]

    def _instruct(self, process: "subprocess.Popen[bytes]", *, until: str) -> None:
        assert process.stdin is not None
        pickle.dump((self.opening, self.prepared.system, until), process.stdin)
        process.stdin.flush()

    def kill(self, kind: trouble.Kill, chance: random.Random) -> None:
        """Kill something; where it was the database, see it recover and look at the book at once."""
        if kind == "desk":
            chance.choice(self.clerks).kill_desk()
            return
        if kind == "messenger":
            self.start_messenger()
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

    def close(self) -> None:
        """Wait until all work is done, whoever had to do it; every clerk's failure is a failure here."""
        for clerk in self.clerks:
            clerk.join(timeout=200)
            assert not clerk.is_alive(), f"seed {SEED}: a clerk is still waiting for an answer"
            if clerk.failure is not None:
                raise clerk.failure
        self.look("at the end")
        self.faults += self._money()

    def _money(self) -> list[str]:
        """Each dealer's balance against the receipts its clerks hold: what was charged once and refunded once."""
        owed = Counter(self.prepared.deposited_cents)
        for key, answers in self.journal.acknowledged().items():
            call, document = self.journal.asked[key], answers[0]
            cents = -_cents(document["receipt"]["charged"]) if "receipt" in document else 0
            owed[call.actor.organisation_id] += cents + _cents(document.get("refunded", "0"))
        with psycopg.connect(self.databases.admin_state_url) as connection:
            balances = dict(
                connection.execute(
                    "SELECT organisation_id, balance_cents FROM ledger.account WHERE kind = 'dealer_funds'"
                ).fetchall()
            )
        return [
            f"money: {dealer} has {balances[dealer]} and its receipts say {cents}"
            for dealer, cents in owed.items()
            if balances[dealer] != cents
        ]

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
            owed = connection.execute("SELECT count(*) FROM outbox.message WHERE state <> 'accepted'")
            assert owed.fetchone() == (0,), "every message was accepted by the exchange"
        return set(told), set(open_titles)

    def story(self) -> str:
        """The figures, for whoever reads the test's output."""
        said = self.journal.acknowledged().values()
        receipts = sum("receipt" in answers[0] for answers in said)
        voids = sum("refunded" in answers[0] for answers in said)
        counts = ", ".join(f"{what}: {number}" for what, number in sorted(self.journal.counts.items()))
        slowest = max(self.recoveries, default=0.0)
        return (
            f"seed {SEED}: {receipts} registered, {voids} voided, {len(said) - receipts - voids} refused; "
            f"{len(self.recoveries)} recoveries, the slowest {slowest:.1f} s; {counts}"
        )


def _cents(amount: str) -> int:
    return int(amount.replace(".", "")) if "." in amount else int(amount) * 100


def open_shop(
    databases: ScratchDatabases,
    tmp_path: Path,
    *,
    registrations: int,
    dying_percent: int,
    breakage: Breakage = "",
) -> Shop:
    paper, log = tmp_path / "prepared", tmp_path / "processes.log"
    wish = Wish(seed=SEED, registrations=registrations, clerks=CLERKS, dying_percent=dying_percent)
    paper.write_bytes(pickle.dumps((databases, wish)))
    preparing = start_process("prepare_process.py", str(paper), log=log)
    preparing.communicate()
    assert preparing.returncode == 0, log.read_text(encoding="utf-8")[-3000:]
    prepared: Prepared = pickle.loads(paper.read_bytes())
    opening = Opening(
        state_url=databases.state_url,
        national_url=databases.national_url,
        noon=prepared.noon,
        began=time.time(),
        breakage=breakage,
    )
    return Shop(databases=databases, prepared=prepared, opening=opening, log=log)


@pytest.mark.slow
def test_kills_lose_nothing_and_leave_nothing_half_done(
    durable_databases: ScratchDatabases, tmp_path: Path
) -> None:
    """D-206: killed at random moments, a registration is there as a whole or not at all, and paid for once."""
    chance = random.Random(SEED)
    shop = open_shop(durable_databases, tmp_path, registrations=REGISTRATIONS, dying_percent=5)
    moments = sorted(chance.randrange(5, REGISTRATIONS) for _ in range(KILLS))
    shop.open()
    for moment, kind in zip(moments, trouble.draw_kills(chance, KILLS), strict=True):
        while len(shop.journal.acknowledged()) < moment and any(clerk.is_alive() for clerk in shop.clerks):
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.05))
        shop.kill(kind, chance)
    shop.close()
    shop.deliver_everything()
    shop.look("after delivery")
    told, open_titles = shop.pointers()
    print(shop.story())
    assert not shop.faults, f"seed {SEED}: {shop.faults}"
    assert told == open_titles, f"seed {SEED}"
    registered = sum("receipt" in answers[0] for answers in shop.journal.acknowledged().values())
    assert registered >= REGISTRATIONS, shop.story()
    # Otherwise nothing was proven: some attempts broke off before their commit, some only lost their answer.
    assert shop.journal.counts["silent, had not"], shop.story()
    assert shop.journal.counts["silent, had committed"], shop.story()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("breakage", "noticed"),
    [
        ("answers_before_commit", "lost: "),
        ("charges_apart", "every processed application was charged once, and nobody else"),
    ],
)
def test_the_checks_notice_a_broken_desk(
    durable_databases: ScratchDatabases, tmp_path: Path, breakage: Breakage, noticed: str
) -> None:
    """D-206, mechanism off: an answer given before the commit, or money taken apart from it, does not go unseen."""
    shop = open_shop(durable_databases, tmp_path, registrations=16, dying_percent=60, breakage=breakage)
    shop.open()
    for clerk in shop.clerks:
        clerk.join(timeout=120)
        assert clerk.failure is None, f"seed {SEED}: {clerk.failure}"
    shop.look("at the end")
    shop.faults += shop._money()
    assert shop.messenger is not None
    shop.messenger.kill()
    assert any(noticed in fault for fault in shop.faults), f"seed {SEED}: {shop.faults}"
    if breakage == "charges_apart":
        assert any(fault.startswith("money: ") for fault in shop.faults), f"seed {SEED}: {shop.faults}"
