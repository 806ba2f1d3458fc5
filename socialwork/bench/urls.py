"""The product's own addresses, and beside them what it is measured against."""
from django.urls import include, path

from socialwork.bench import afternoon
from socialwork.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("bench/nothing/", afternoon.nothing, name="bench_nothing"),
    path("bench/cases/", afternoon.case_list, name="bench_list"),
    path("bench/cases/<uuid:id>/", afternoon.case_page, name="bench_page"),
    path("bench/cases/<uuid:id>/log/", afternoon.log_visit, name="bench_log"),
    path("", include("socialwork.urls")),
]
