from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format

from socialwork.core.dates import day_words, moment_words

BEGIN = dt.datetime(2024, 2, 28, 15, 59, 59, tzinfo=dt.UTC)


@pytest.mark.parametrize("language", ["zh-hans", "en", "de"])
def test_every_minute_is_written_as_the_language_writes_it(language):
    """Through midnight in China, noon, the leap day and the end of a year; each day is met twice."""
    with translation.override(language):
        for hours in (*range(0, 60, 1), 7_380, 7_381, 7_400):
            at = BEGIN + dt.timedelta(hours=hours, minutes=hours * 7)
            assert moment_words(at) == date_format(timezone.localtime(at), "DATETIME_FORMAT")
            assert day_words(timezone.localdate(at)) == date_format(timezone.localdate(at), "DATE_FORMAT")
