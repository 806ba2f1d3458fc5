"""Addresses of exports: asked for at the own organisation, then each by itself."""
from django.urls import path

from socialwork.exporting import views

app_name = "exports"

urlpatterns = [
    path("", views.ExportList.as_view(), name="list"),
    path("of/<uuid:id>/ask-export/", views.AskExport.as_view(), name="ask_export"),
    path("<uuid:id>/", views.ExportPage.as_view(), name="detail"),
    path("<uuid:id>/approve-export/", views.ApproveExport.as_view(), name="approve_export"),
    path("<uuid:id>/refuse-export/", views.RefuseExport.as_view(), name="refuse_export"),
    path("<uuid:id>/destroy-export/", views.DestroyExport.as_view(), name="destroy_export"),
    path("<uuid:id>/download-export/", views.DownloadExport.as_view(), name="download_export"),
]
