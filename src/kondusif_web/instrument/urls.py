from django.urls import path

from kondusif_web.instrument import edit_views, shape_views, views, weigh_views

app_name = "instrument"
VERSI = "instrumen/<slug:instrumen>/<int:nomor>/"

urlpatterns = [
    path("instrumen/", views.daftar, name="daftar"),
    path("instrumen/mulai/", views.mulai, name="mulai"),
    path(VERSI, views.versi, name="versi"),
    path(f"{VERSI}resep.toml", views.toml, name="toml"),
    path(f"{VERSI}buang/", views.buang, name="buang"),
    path(f"{VERSI}terbitkan/", views.terbitkan, name="terbitkan"),
    path(f"{VERSI}pensiun/", views.pensiun, name="pensiun"),
    path(f"{VERSI}berlakukan/", views.berlakukan, name="berlakukan"),
    path(f"{VERSI}butir/baru/", edit_views.tambah, name="tambah"),
    path(f"{VERSI}butir/<slug:item>/", edit_views.butir, name="butir"),
    path(f"{VERSI}butir/<slug:item>/cabut/", edit_views.cabut, name="cabut"),
    path(f"{VERSI}dimensi/baru/", shape_views.dimensi_baru, name="dimensi_baru"),
    path(f"{VERSI}dimensi/<slug:huruf>/", shape_views.dimensi, name="dimensi"),
    path(f"{VERSI}dimensi/<slug:huruf>/cabut/", shape_views.cabut_dimensi, name="cabut_dimensi"),
    path(f"{VERSI}peran/", shape_views.peran, name="peran"),
    path(f"{VERSI}batas/", edit_views.batas, name="batas"),
    path(f"{VERSI}lantai/baru/", edit_views.lantai_baru, name="lantai_baru"),
    path(f"{VERSI}lantai/<slug:lantai>/", edit_views.lantai, name="lantai"),
    path(f"{VERSI}lantai/<slug:lantai>/hapus/", edit_views.hapus_lantai, name="hapus_lantai"),
    path(f"{VERSI}bobot/<slug:induk>/", weigh_views.bobot, name="bobot"),
    path(f"{VERSI}bobot/<slug:induk>/jumlah/", weigh_views.jumlah, name="jumlah"),
    path(f"{VERSI}bobot/<slug:induk>/pakai/", weigh_views.pakai, name="pakai"),
    path(f"{VERSI}banding/<slug:induk>/", weigh_views.banding, name="banding"),
    path(f"{VERSI}banding/<slug:induk>/periksa/", weigh_views.periksa, name="periksa"),
    path(f"{VERSI}banding/<uuid:lembar>/hapus/", weigh_views.hapus, name="hapus_banding"),
]
