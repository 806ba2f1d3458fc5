from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"

    def ready(self) -> None:
        from cases.queries import active_places, waiting_places
        from socialwork.organisations.capacity import register_counter

        register_counter("waiting", waiting_places)
        register_counter("active", active_places)
