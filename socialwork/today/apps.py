from django.apps import AppConfig


class TodayConfig(AppConfig):
    name = "socialwork.today"
    label = "today"
