"""The Celery application: ``celery -A socialwork worker`` and ``celery -A socialwork beat``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from celery import Celery
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socialwork.settings")

app = Celery("socialwork")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def _runs_the_celery_command() -> bool:
    program = Path(sys.argv[0])
    return "celery" in {program.name, program.parent.name}


if _runs_the_celery_command():
    # Celery would read the settings much later, and show a wrong address as a page of traceback.
    from django.conf import settings

    from socialwork import env

    try:
        bool(settings.DATABASES)  # reading one setting loads them all
    except ImproperlyConfigured as error:
        env.refuse_to_start(error)
