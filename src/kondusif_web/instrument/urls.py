from django.urls import include, path

from kondusif_web.instrument import edit_views, views, weigh_views

app_name = "instrument"

VERSION = [
    path("", views.versi, name="versi"),
    path("resep.toml", views.toml, name="toml"),
    path("buang/", views.buang, name="buang"),
    path("terbitkan/", views.terbitkan, name="terbitkan"),
    path("pensiun/", views.pensiun, name="pensiun"),
    path("berlakukan/", views.berlakukan, name="berlakukan"),
    path("butir/baru/", edit_views.butir, name="tambah"),
    path("butir/<slug:item>/", edit_views.butir, name="butir"),
    path("butir/<slug:bagian>/cabut/", edit_views.cabut, {"jenis": "butir"}, name="cabut"),
    path("dimensi/baru/", edit_views.dimensi_baru, name="dimensi_baru"),
    path("dimensi/<slug:huruf>/", edit_views.dimensi, name="dimensi"),
    path("dimensi/<slug:bagian>/cabut/", edit_views.cabut, {"jenis": "dimensi"}, name="cabut_dimensi"),
    path("peran/", edit_views.peran, name="peran"),
    path("batas/", edit_views.batas, name="batas"),
    path("lantai/baru/", edit_views.lantai, name="lantai_baru"),
    path("lantai/<slug:lantai>/", edit_views.lantai, name="lantai"),
    path("lantai/<slug:bagian>/hapus/", edit_views.cabut, {"jenis": "lantai"}, name="hapus_lantai"),
    path("bobot/<slug:induk>/", weigh_views.bobot, name="bobot"),
    path("bobot/<slug:induk>/jumlah/", weigh_views.jumlah, name="jumlah"),
    path("bobot/<slug:induk>/pakai/", weigh_views.pakai, name="pakai"),
    path("banding/<slug:induk>/", weigh_views.banding, name="banding"),
    path("banding/<slug:induk>/periksa/", weigh_views.periksa, name="periksa"),
    path("banding/<uuid:lembar>/hapus/", weigh_views.hapus, name="hapus_banding"),
]

urlpatterns = [
    path("instrumen/", views.daftar, name="daftar"),
    path("instrumen/mulai/", views.mulai, name="mulai"),
    path("instrumen/<slug:instrumen>/<int:nomor>/", include(VERSION)),
]
