from django.apps import AppConfig
from django.core.checks import register

from core.system_checks import renderer_is_whole


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "核心"
    personal_data = "core.personal_data.REGISTER"

    def ready(self) -> None:
        register(renderer_is_whole, "printing")
