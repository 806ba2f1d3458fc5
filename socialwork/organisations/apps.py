from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "socialwork.organisations"
    label = "organisations"
