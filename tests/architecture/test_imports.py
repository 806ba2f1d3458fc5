"""Import direction is a contract."""
from __future__ import annotations

from importlinter.cli import lint_imports


def test_the_contracts_hold(capsys):
    assert lint_imports(config_filename=".importlinter", no_cache=True) == 0, capsys.readouterr().out
