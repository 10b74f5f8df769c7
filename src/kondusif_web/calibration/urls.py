from django.urls import path

from kondusif_web.calibration import views

app_name = "calibration"

urlpatterns = [
    path("kalibrasi/", views.kalibrasi, name="kalibrasi"),
    path("kalibrasi/hasil.csv", views.hasil, name="hasil"),
    path("kalibrasi/riwayat/", views.riwayat, name="riwayat"),
    path("kalibrasi/riwayat/simpan/", views.simpan, name="simpan"),
    path("kalibrasi/riwayat/templat.csv", views.templat, name="templat"),
]
