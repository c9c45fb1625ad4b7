"""Days inside sentences, said as everywhere else on the pages: the law and the API write 2026-01-31."""

from django import template

from vinculum.kernel.spoken_day import days_spoken

register = template.Library()


@register.filter
def days_said(sentence: str) -> str:
    """The sentence with its days in words; what only looks like a day is left alone."""
    return days_spoken(sentence)
