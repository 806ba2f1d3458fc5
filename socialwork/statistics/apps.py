from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "socialwork.statistics"
    label = "statistics"

    def ready(self) -> None:
        from socialwork.statistics import policies, receivers  # noqa: F401  (register who may read, and count the acts)
