"""A customer with its whole story: particulars, stops and holdings as of any day, and who changed them."""

from vinculum.access.database import Actor, Connection, one
from vinculum.state.queries.story import Story, StoryFact, StoryRequest, look_up_story
from vinculum.state.queries.story_facts import customer_facts

ACT = "show_customer_story"


def run(request: StoryRequest, *, actor: Actor) -> Story | None:
    """The story of the customer number, or None when the book never heard of it; audited either way."""
    return look_up_story(request, act=ACT, kind="customer", facts_of=_facts_of, actor=actor)


def _facts_of(connection: Connection, number: str) -> list[StoryFact]:
    row = one(connection, "SELECT id FROM book.customer WHERE number = %s", [number])
    return customer_facts(connection, row[0]) if row else []
