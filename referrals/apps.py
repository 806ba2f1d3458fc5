from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"

    def ready(self) -> None:
        from referrals.queries import reserved_places
        from socialwork.organisations.capacity import register_counter

        register_counter("reserved", reserved_places)
