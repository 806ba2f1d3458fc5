from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "socialwork.files"
    label = "files"
