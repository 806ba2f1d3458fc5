from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "socialwork.demo"
    label = "demo"
