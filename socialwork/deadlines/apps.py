from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "socialwork.deadlines"
    label = "deadlines"
