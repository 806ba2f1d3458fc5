"""System checks that stop a misconfigured product before its first request."""
from __future__ import annotations

from django.core.checks import Error, register
from django.core.exceptions import ImproperlyConfigured


@register()
def encryption_works(app_configs: object, **kwargs: object) -> list[Error]:
    """The cipher suites answer their published vectors; key ring, index key and suite can be read."""
    from socialwork.core import blind_index, crypto

    try:
        crypto.self_test()
        crypto.key_ring()
        crypto.current_suite()
        blind_index.index_key()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="core.E001")]
    return []


@register()
def vocabulary_is_whole(app_configs: object, **kwargs: object) -> list[Error]:
    """The controlled lists, with what this installation lays over them, can be read."""
    from socialwork.core import vocabulary

    try:
        vocabulary.lists()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="core.E002")]
    return []
