from django.apps import AppConfig


class WalletConfig(AppConfig):
    name = "formlos.portals.wallet"
    label = "demo_wallet"
