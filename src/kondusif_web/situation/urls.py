from django.urls import path

from kondusif_web.situation import views

app_name = "situation"

urlpatterns = [
    path("", views.papan, name="papan"),
    path("desa/", views.desa_list, name="desa_list"),
    path("desa/<str:kode>/", views.desa, name="desa"),
    path("pos/<str:kode>/", views.pos, name="pos"),
    path("buku/", views.buku, name="buku"),
    path("buku/buku.jsonl", views.buku_jsonl, name="buku_jsonl"),
]
