"""The web application: ``gunicorn socialwork.wsgi``."""

from __future__ import annotations

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from socialwork import env
from socialwork.core import memory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socialwork.settings")

# gunicorn takes this status for "the application cannot be loaded" and stops instead of trying again for ever.
CANNOT_LOAD = 4

try:
    application = get_wsgi_application()
except ImproperlyConfigured as error:
    env.refuse_to_start(error, status=CANNOT_LOAD)
memory.settle()
