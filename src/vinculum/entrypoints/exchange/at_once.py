"""An inquiry answered in two waits: one for what is on record, one for the line in the inquiry log, committed."""

from datetime import datetime

import psycopg

from vinculum.access.database import hasty_lines_of
from vinculum.national.transactions import answer_inquiry
from vinculum.protocol.exchange import Inquiry
from vinculum.protocol.inquiry import InquiryAnswer


def answer_at_once(message: Inquiry, *, sender: str, at: datetime) -> InquiryAnswer:
    """The answer to the jurisdiction that was recognised; it leaves when its line in the log is committed.

    Reading and logging are a transaction each, for nothing is held in between. Nobody is entered: the national files
    know no tenants, and who asks stands in the inquiry log, which holds no personal data: its commit does not wait for
    the disk. A connection that turns out to be dead (the server was restarted) is given back and the next one is tried.
    """
    pool = hasty_lines_of("national")
    while True:
        connection = pool.getconn()
        try:
            answer = answer_inquiry.run(message, sender=sender, at=at, connection=connection)
            connection.line.settle()
            return answer
        except psycopg.OperationalError:
            if not connection.closed:
                raise
        finally:
            connection.line.drop()
            pool.putconn(connection)
