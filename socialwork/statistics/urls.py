"""Address of the statistics."""
from django.urls import path

from socialwork.statistics.views import Board

app_name = "statistics"

urlpatterns = [path("", Board.as_view(), name="board")]
