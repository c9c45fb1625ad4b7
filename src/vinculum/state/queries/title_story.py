"""A title with its whole story: owners, liens and legends as of any day, and who changed them, when and why."""

from vinculum.access.database import Actor
from vinculum.state.queries.story import Story, StoryRequest, look_up_story
from vinculum.state.queries.story_facts import title_facts

ACT = "show_title_story"


def run(request: StoryRequest, *, actor: Actor) -> Story | None:
    """The story of the title number, or None when the book never heard of it; audited either way."""
    return look_up_story(request, act=ACT, kind="title", facts_of=title_facts, actor=actor)
