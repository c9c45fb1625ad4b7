"""What is wrong with a form, said at each field: the same refusals that are listed at the top of the page.

A form that is written out in its template draws a field with these: `{% held "vin" "h-vin" %}` inside the control,
`{% faults "vin" %}` behind it. Both read the page's `refusals` and are silent when none is about the field.
"""

from collections.abc import Iterator

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from vinculum.entrypoints.web import fields
from vinculum.entrypoints.web.templatetags.spoken_dates import days_said
from vinculum.kernel.refusal import Refusal

register = template.Library()


@register.simple_tag(takes_context=True)
def held(context: template.Context, path: str, hint: str = "", *, group: bool = False) -> SafeString:
    """The attributes that tie a control to its hint, and, when it was refused, to what is wrong with it.

    A group of controls (`group=True`) is described only: no single one of it is the invalid one.
    """
    wrong = any(_of_field(context, path))
    described = " ".join(filter(None, (_fault_of(path) if wrong else "", hint)))
    return format_html(
        "{}{}",
        format_html(' aria-describedby="{}"', described) if described else "",
        SafeString(' aria-invalid="true"') if wrong and not group else "",
    )


@register.simple_tag(takes_context=True)
def faults(context: template.Context, path: str) -> SafeString:
    """What is wrong with the field, why, and what to do."""
    said = " ".join(_said(refusal) for refusal in _of_field(context, path))
    return (
        format_html('<span class="vn-error" id="{}">{}</span>', _fault_of(path), said)
        if said
        else SafeString("")
    )


def _said(refusal: Refusal) -> str:
    # What to do about a day that cannot be read shows how it is written: 2026-01-31 stays.
    remedy = refusal.remedy if refusal.code == "invalid_field" else days_said(refusal.remedy)
    return f"{days_said(refusal.message)} {remedy}".strip()


def _of_field(context: template.Context, path: str) -> Iterator[Refusal]:
    return (refusal for refusal in context.get("refusals") or () if refusal.field == path)


def _fault_of(path: str) -> str:
    return f"{fields.anchor_of(path)}-fault"
