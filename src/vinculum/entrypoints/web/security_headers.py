"""The headers that tell a browser what our pages may do: nothing from elsewhere, nothing inline."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "object-src 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    )
)
# The one thing that pages show in a frame of their own: a certificate as PDF.
FRAMED_POLICY = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
PERMISSIONS_POLICY = (
    ", ".join(
        f"{feature}=()" for feature in ("geolocation", "microphone", "payment", "usb", "browsing-topics")
    )
    + ", camera=(self)"
)


class SecurityHeaders:
    """Middleware: puts the policy on every response, and keeps what is not static out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        framed = response.get("X-Frame-Options", "").upper() == "SAMEORIGIN"
        # A file that somebody sent in has a stricter policy of its own.
        response.headers.setdefault(
            "Content-Security-Policy", FRAMED_POLICY if framed else CONTENT_SECURITY_POLICY
        )
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Cache-Control", "no-store")
        return response
