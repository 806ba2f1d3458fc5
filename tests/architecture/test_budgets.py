"""Small enough to read whole: a module 400 lines, a page 120, a service 40, a view 25. Over budget needs a reason here."""
from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
MODULE, TEST_MODULE, PAGE, SERVICE, VIEW = 400, 600, 120, 40, 25
# Path: reason why it may be longer.
LONGER: dict[str, str] = {}
NAMES_OF_DRAWERS = {"utils.py", "helpers.py", "common.py", "misc.py"}


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "/migrations/" not in str(path):
                yield path


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_modules_are_short():
    over = {name(path): lines(path) for path in python_files("socialwork", "referrals", "cases") if lines(path) > MODULE}
    over |= {name(path): lines(path) for path in python_files("tests") if lines(path) > TEST_MODULE}
    assert {path: count for path, count in over.items() if path not in LONGER} == {}


def test_pages_are_short():
    over = {name(path): lines(path) for path in sorted((ROOT / "templates").rglob("*.html")) if lines(path) > PAGE}
    assert {path: count for path, count in over.items() if path not in LONGER} == {}


def test_services_and_views_are_short():
    over = {}
    for path in python_files("socialwork", "referrals", "cases"):
        most = SERVICE if "services" in str(path) else VIEW if path.stem == "views" or "/views/" in str(path) else None
        if most is None or "access/views.py" in str(path):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > most:
                over[f"{name(path)}:{node.name}"] = (node.end_lineno or 0) - node.lineno + 1
    assert {path: count for path, count in over.items() if path not in LONGER} == {}


def test_there_are_no_junk_drawers():
    assert [name(path) for path in python_files("socialwork", "referrals", "cases", "tests") if path.name in NAMES_OF_DRAWERS] == []
