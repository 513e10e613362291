"""Addresses of the simulated identity provider, a process of its own on demo nodes."""

from django.urls import path

from formlos.identity.demo_provider import pages, protocol

urlpatterns = [
    path(".well-known/openid-configuration", protocol.discovery),
    path("jwks", protocol.jwks),
    path("token", protocol.token),
    path("userinfo", protocol.userinfo),
    path("anmelden", pages.authorize, name="idp_authorize"),
    path("bestaetigen", pages.confirm, name="idp_confirm"),
    path("abmelden", pages.sign_out),
]
