from django.urls import path

from kondusif_web.classes import round_views, views

app_name = "classes"

urlpatterns = [
    path("putaran/", round_views.putaran, name="putaran"),
    path("putaran/tagihan/", round_views.tagihan, name="tagihan"),
    path("putaran/tagihan.xlsx", round_views.tagihan_xlsx, name="tagihan_xlsx"),
    path("putaran/desa/<str:kode>/", round_views.desa, name="putaran_desa"),
    path("putaran/bersama/<uuid:pk>/", round_views.bersama, name="bersama"),
    path("putaran/<str:gerbang>/", round_views.gerbang, name="gerbang"),
    path("putaran/<str:gerbang>/buka/", round_views.buka, name="buka"),
    path("putaran/<str:gerbang>/tutup/", round_views.tutup, name="tutup"),
    path("instrumen/<slug:instrumen>/<int:nomor>/akibat/", views.akibat, name="akibat"),
    path("instrumen/<slug:instrumen>/<int:nomor>/akibat.xlsx", views.akibat_xlsx, name="akibat_xlsx"),
    path("ukur/", views.ukur, name="ukur"),
    path("ukur/templat.xlsx", views.templat, name="templat"),
    path("desa/<str:kode>/asal/<int:nomor>/", views.asal, name="asal"),
    path("ukur/penetapan/<uuid:pk>/setuju/", views.setuju, name="setuju"),
    path("ukur/penetapan/<str:place>/", views.penetapan, name="penetapan"),
]
