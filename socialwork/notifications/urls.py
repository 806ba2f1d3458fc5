from django.urls import path

from socialwork.notifications import views

app_name = "notifications"

urlpatterns = [
    path("", views.NoticeList.as_view(), name="list"),
    path("read/", views.ReadNotices.as_view(), name="read_notices"),
    path("choose-mail/", views.ChooseMail.as_view(), name="choose_mail"),
]
