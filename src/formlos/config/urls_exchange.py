"""Addresses of the exchange process: the endpoint of every municipality of the node, and its health."""

from django.urls import path, re_path

from formlos.exchange import http

urlpatterns = [
    re_path(r"^exchange/(?P<ags>[0-9]{8})$", http.take),
    path("health", http.health),
]
