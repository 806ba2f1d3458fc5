from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"

    def ready(self) -> None:
        from cases import policies_filing, policies_monthly, policies_reports, receivers  # noqa: F401  (register who may see reports, and follow the clocks)
        from cases.queries import case_link, first_contact_days, matters_of, open_work_of, taken_places
        from referrals.registry import register_case_link, register_first_contact
        from socialwork.accounts.registry import open_work
        from socialwork.organisations.capacity import register_counter
        from socialwork.people.registry import register_matters

        register_counter(taken_places)
        register_first_contact(first_contact_days)
        register_case_link(case_link)
        register_matters(matters_of)
        open_work.append(open_work_of)
