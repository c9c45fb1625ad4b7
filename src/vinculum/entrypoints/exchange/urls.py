"""Addresses of the exchange, below /exchange/v1/."""

from django.urls import URLPattern, path

from vinculum.entrypoints.exchange.views import messages

urlpatterns: list[URLPattern] = [path("messages", messages, name="exchange-messages")]
