"""A vehicle with its whole story: what the book says of the VIN as of any day, and every entry that changed it."""

from vinculum.access.database import Actor
from vinculum.state.queries.story import Story, StoryRequest, look_up_story
from vinculum.state.queries.story_facts import vehicle_facts

ACT = "show_vehicle_story"


def run(request: StoryRequest, *, actor: Actor) -> Story | None:
    """The story of the VIN, or None when the book never heard of it; audited either way."""
    return look_up_story(request, act=ACT, kind="vehicle", facts_of=vehicle_facts, actor=actor)
