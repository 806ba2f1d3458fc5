from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "socialwork.accounts"
    label = "accounts"
