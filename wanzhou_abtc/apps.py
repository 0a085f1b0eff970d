from django.apps import AppConfig


class WanzhouAbtcConfig(AppConfig):
    name = "wanzhou_abtc"
    verbose_name = "门户"
