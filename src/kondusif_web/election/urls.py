from django.urls import path

from kondusif_web.election import account_views, views

app_name = "election"

urlpatterns = [
    path("", views.operations, name="operations"),
    path("masuk/kartu/", views.kartu, name="kartu"),
    path("lapor/", views.lapor, name="lapor"),
    path("akun/", account_views.akun, name="akun"),
    path("akun/<str:username>/", account_views.akun_ubah, name="akun_ubah"),
    path("akun/<str:username>/<slug:kode>/", account_views.anggota, name="anggota"),
]
