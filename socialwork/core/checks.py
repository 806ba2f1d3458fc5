"""System checks that stop a misconfigured product before its first request."""
from __future__ import annotations

from django.core.checks import Error, register
from django.core.exceptions import ImproperlyConfigured


@register()
def encryption_works(app_configs: object, **kwargs: object) -> list[Error]:
    """The cipher suites answer their published vectors and the key ring can be read."""
    from socialwork.core import crypto

    try:
        crypto.self_test()
        crypto.KeyRing.from_settings()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="core.E001")]
    return []
