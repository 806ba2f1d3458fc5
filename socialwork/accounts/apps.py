from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "socialwork.accounts"
    label = "accounts"

    def ready(self) -> None:
        from socialwork.accounts.queries import kept_filters
        from socialwork.core.registry import session_columns

        session_columns["kept_filters"] = kept_filters
