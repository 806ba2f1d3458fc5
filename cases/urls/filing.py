from django.urls import path

from cases.views import filing

urlpatterns = [
    path("cases/<uuid:id>/upload-document/", filing.UploadDocument.as_view(), name="upload_document"),
    path("cases/<uuid:id>/documents/filed/<uuid:document>/", filing.FiledDocument.as_view(), name="filed_document"),
]
