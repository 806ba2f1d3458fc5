"""Files in a JSON body: each field of the form that takes files is a list of objects with a name and the content in base64."""
from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from rest_framework import exceptions

from socialwork.access.blank_forms import described_form


def take_files(page_class: type, body: Any) -> tuple[Any, MultiValueDict]:
    """The body without the files, and the files as a browser would have sent them. ParseError for what is none."""
    described, files = described_form(page_class), MultiValueDict()
    names = [name for name, each in described.fields.items() if isinstance(each, forms.FileField)] if described else []
    if not isinstance(body, Mapping):
        return body, files
    for name in names:
        if body.get(name):
            files.setlist(name, [_file(name, each) for each in _listed(name, body[name])])
    return {name: value for name, value in body.items() if name not in names}, files


def _listed(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise exceptions.ParseError(_("%(name)s must be a list of files, each with name and content.") % {"name": name})
    return value


def _file(name: str, value: Any) -> SimpleUploadedFile:
    try:
        return SimpleUploadedFile(str(value["name"]), base64.b64decode(value["content"], validate=True))
    except (KeyError, TypeError, binascii.Error, ValueError) as error:
        sentence = _("%(name)s must be a list of files, each with name and content.") % {"name": name}
        raise exceptions.ParseError(sentence) from error
