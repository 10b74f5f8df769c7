from django.urls import path

from kondusif_web.answers import views

app_name = "answers"

urlpatterns = [
    path("putaran/bukti/", views.bukti, name="bukti"),
    path("putaran/bukti/<uuid:pk>/unduh/", views.unduh, name="unduh"),
    path("putaran/bukti/<uuid:pk>/cabut/", views.cabut, name="cabut"),
]
