"""The sheet itself: texts stay texts, whatever they begin with, and every page says who took it out and why."""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils import timezone

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# No text may become a formula, an address or a number: names beginning with = and ID numbers stay what they are.
SAFE = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True,
    "in_memory": True,
}
WIDEST, NARROWEST = 40, 10
STEP = 500


def write_sheet(
    *, title: str, lines: Sequence[str], columns: Sequence[str], rows: Iterable[Sequence[Any]],
    told: Callable[[int], None] = lambda done: None,
) -> tuple[bytes, int]:
    """An XLSX file and its number of rows. `lines` stand above the table and, joined, in the footer of each page.

    Cells are texts, whole numbers, dates or None. `told` is called now and then with the rows written so far.
    """
    target = BytesIO()
    book = xlsxwriter.Workbook(target, SAFE)
    sheet = book.add_worksheet()
    head, day = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    for number, line in enumerate(lines, start=1):
        sheet.write_string(number, 0, line)
    top = len(lines) + 2
    for place, column in enumerate(columns):
        sheet.set_column(place, place, min(max(2 * len(str(column)) + 4, NARROWEST), WIDEST))
        sheet.write_string(top, place, str(column), head)
    sheet.freeze_panes(top + 1, 1)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{' · '.join(lines).replace('&', '&&')[:200]}&R&P / &N")
    done = 0
    for done, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            _write(sheet, top + done, place, value, day)
        if done % STEP == 0:
            told(done)
    book.close()
    told(done)
    return target.getvalue(), done


def _write(sheet: Any, line: int, place: int, value: Any, day: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, dt.datetime):
        sheet.write_datetime(line, place, timezone.localtime(value).replace(tzinfo=None), day)
    elif isinstance(value, dt.date):
        sheet.write_datetime(line, place, dt.datetime.combine(value, dt.time()), day)
    elif isinstance(value, int) and not isinstance(value, bool):
        sheet.write_number(line, place, value)
    else:
        sheet.write_string(line, place, str(value))
