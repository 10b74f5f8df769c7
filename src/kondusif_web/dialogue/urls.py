from django.urls import path

from kondusif_web.dialogue import views

app_name = "dialogue"

urlpatterns = [
    path("dialog/", views.dialog, name="dialog"),
    path("dialog/pertemuan/", views.pertemuan, name="pertemuan"),
    path("dialog/pertanyaan/", views.pertanyaan, name="pertanyaan"),
    path("dialog/bagian/<uuid:part>/jawab/", views.jawab, name="jawab"),
    path("dialog/komitmen/", views.komitmen, name="komitmen"),
    path("dialog/komitmen/<uuid:commitment>/<str:verb>/", views.ubah_komitmen, name="ubah_komitmen"),
    path("dialog/betulkan/<str:jenis>/<uuid:pk>/", views.betulkan, name="betulkan"),
    path("dialog/pembetulan/<uuid:correction>/setujui/", views.setujui, name="setujui"),
    path("dialog/ikrar/", views.ikrar, name="ikrar"),
    path("dialog/kunjungan/", views.kunjungan, name="kunjungan"),
]
