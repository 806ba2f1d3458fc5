#!/usr/bin/env python3
"""Everything a person types: ``demo``, ``test``, and Django's own commands.

Needs nothing but Python. It makes an environment with the locked dependencies in ``.venv`` when there is none, runs
itself again inside it, and starts the embedded PostgreSQL and Redis where DATABASE_URL and REDIS_URL are not set.
This file keeps to a syntax that old Pythons understand, so that they get the sentence below and not a syntax error.
"""

import os
import sys

SUITABLE = ((3, 11), (3, 12), (3, 13))


def look_for_a_suitable_python():
    """Return the path of a Python that will do, for the case that the one which was called will not."""
    for version in reversed(SUITABLE):
        for folder in os.environ.get("PATH", "").split(os.pathsep):
            program = os.path.join(folder, "python%d.%d" % version)
            if os.access(program, os.X_OK):
                return program
    return None


def main():
    if sys.version_info[:2] not in SUITABLE:
        other = look_for_a_suitable_python()
        if other:
            os.execv(other, [other] + sys.argv)
        sys.exit(
            "Python 3.11, 3.12 or 3.13 is needed, and this is Python %d.%d. Install one of them beside it; "
            "this command then finds it by itself." % sys.version_info[:2]
        )
    if os.name != "posix":
        sys.exit("This command needs Linux or macOS. On Windows use WSL 2, or Docker with docker-compose.yml.")

    import importlib.util

    checkout = os.path.dirname(os.path.abspath(__file__))
    # The package itself cannot be imported yet: its dependencies may not be installed. This one file needs none.
    path = os.path.join(checkout, "socialwork", "embedded", "bootstrap.py")
    spec = importlib.util.spec_from_file_location("bootstrap", path)
    bootstrap = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = bootstrap
    spec.loader.exec_module(bootstrap)
    bootstrap.enter(checkout, sys.argv)

    from socialwork.embedded import desk

    sys.exit(desk.run(checkout, sys.argv))


if __name__ == "__main__":
    main()
