from django.urls import path

from kondusif_web.accounts import views

app_name = "accounts"

urlpatterns = [
    path("masuk/", views.masuk, name="masuk"),
    path("keluar/", views.keluar, name="keluar"),
    path("sandi/", views.sandi, name="sandi"),
    path("akses/", views.akses, name="akses"),
]
