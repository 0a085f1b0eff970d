from django.apps import AppConfig
from django.core.checks import register

from wanzhou_abtc.system_checks import service_is_whole


class WanzhouAbtcConfig(AppConfig):
    name = "wanzhou_abtc"
    verbose_name = "门户"

    def ready(self) -> None:
        register(service_is_whole, "service", deploy=True)
