from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "socialwork.audit"
    label = "audit"
