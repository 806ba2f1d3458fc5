"""A real PostgreSQL and a real Redis out of wheels, for a desk and for tests; never for production.

Only ``manage.py`` and the pytest plug-in may start them: see :func:`socialwork.embedded.stack.ensure`.
Nothing in this package knows Django or any of our apps.
"""
