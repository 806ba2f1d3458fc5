from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "socialwork.oversight"
    label = "oversight"
