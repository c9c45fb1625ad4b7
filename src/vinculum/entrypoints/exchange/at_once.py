"""An inquiry answered in one round trip: the statement that reads also logs and commits."""

from datetime import datetime

import psycopg

from vinculum.access.database import lines_of
from vinculum.national.transactions import answer_inquiry
from vinculum.protocol.exchange import Inquiry
from vinculum.protocol.inquiry import InquiryAnswer


def answer_at_once(message: Inquiry, *, sender: str, at: datetime) -> InquiryAnswer:
    """The answer to the jurisdiction that was recognised, in a transaction of its own.

    Nobody is entered: the national files know no tenants, and who asks stands in the inquiry log. A connection
    that turns out to be dead (the server was restarted) is given back and the next one is tried.
    """
    pool = lines_of("national")
    while True:
        connection = pool.getconn()
        try:
            return answer_inquiry.run(message, sender=sender, at=at, connection=connection, durable=False)
        except psycopg.OperationalError:
            if not connection.closed:
                raise
        finally:
            pool.putconn(connection)
