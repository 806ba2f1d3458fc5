"""Project package: settings, supporting apps and the Celery application that tasks are sent through."""

from socialwork.celery import app as celery_app

__all__ = ["celery_app"]
