from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "socialwork.people"
    label = "people"
