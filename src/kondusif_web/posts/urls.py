from django.urls import path

from kondusif_web.posts import views

app_name = "posts"

urlpatterns = [
    path("rencana/apel/", views.apel, name="apel"),
    path("rencana/apel/satuan/hadir/", views.hadir_satuan, name="hadir_satuan"),
    path("rencana/apel/satuan/kembali/", views.kembali_satuan, name="kembali_satuan"),
    path("rencana/apel/<uuid:pk>/hadir/", views.hadir, name="hadir"),
    path("rencana/apel/<uuid:pk>/hitung/", views.hitung, name="hitung"),
    path("rencana/apel/<uuid:pk>/pulang/", views.pulang, name="pulang"),
    path("rencana/apel/<uuid:pk>/batal/", views.batal, name="batal"),
]
