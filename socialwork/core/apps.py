from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "socialwork.core"
    label = "core"

    def ready(self) -> None:
        from socialwork.core import checks, instants  # noqa: F401  (registers the system checks, hears of new connections)
