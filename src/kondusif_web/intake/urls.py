from django.urls import path

from kondusif_web.intake import export_views, operation_views, place_views, views

app_name = "intake"

urlpatterns = [
    path("operasi/", operation_views.operasi, name="operasi"),
    path("operasi/gerak/", operation_views.gerak, name="gerak"),
    path("operasi/tempat/", place_views.tempat, name="tempat"),
    path("operasi/tempat/<str:kode>/", place_views.pensiunkan, name="pensiunkan"),
    path("operasi/tempat/<str:kode>/pulihkan/", place_views.pulihkan, name="pulihkan"),
    path("berkas/", views.berkas, name="berkas"),
    path("berkas/unggah/", views.unggah, name="unggah"),
    path("berkas/terapkan/", views.terapkan, name="terapkan"),
    path("berkas/buang/", views.buang, name="buang"),
    path("batas/", views.batas, name="batas"),
    path("batas/terapkan/", views.batas_terapkan, name="batas_terapkan"),
    path("ekspor/", export_views.ekspor, name="ekspor"),
    path("ekspor/<slug:bentuk>/", export_views.unduh, name="unduh"),
]
