from django.apps import AppConfig


class BenchConfig(AppConfig):
    name = "socialwork.bench"
    label = "bench"
