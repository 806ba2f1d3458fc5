from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class NotificationsConfig(AppConfig):
    name = "socialwork.notifications"
    label = "notifications"

    def ready(self) -> None:
        from socialwork.notifications import receivers  # noqa: F401  (subscribes to the record of acts)

        autodiscover_modules("notices")
