"""A deployment as it should be passes Django's own deployment checks without a warning."""
from __future__ import annotations

import os
import subprocess
import sys

from django.conf import settings


def test_the_deployment_check_is_clean():
    environment = {**os.environ, "DEBUG": "0", "SITE_HOST": "example.org", "DJANGO_SETTINGS_MODULE": "socialwork.settings"}
    # Set for the browser tests of the same run; no deployment has it.
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
