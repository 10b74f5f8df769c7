from django.urls import path

from kondusif_web.accounts import views

app_name = "accounts"

urlpatterns = [
    path("masuk/", views.masuk, name="masuk"),
    path("keluar/", views.keluar, name="keluar"),
    path("sandi/", views.sandi, name="sandi"),
    path("akun/", views.akun, name="akun"),
    path("akun/<str:username>/", views.akun_ubah, name="akun_ubah"),
    path("akses/", views.akses, name="akses"),
]
