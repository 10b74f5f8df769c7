from django.urls import path

from kondusif_web.intake import export_views, operation_views, place_views, views

app_name = "intake"

urlpatterns = [
    path("operasi/", operation_views.operasi, name="operasi"),
    path("operasi/gerak/", operation_views.gerak, name="gerak"),
    path("operasi/tempat/", place_views.tempat, name="tempat"),
    path("operasi/tempat/<str:kode>/", place_views.pensiunkan, name="pensiunkan"),
    path("operasi/tempat/<str:kode>/pulihkan/", place_views.pulihkan, name="pulihkan"),
    path("berkas/", views.Workbook.as_view(http_method_names=["get"]), name="berkas"),
    path("berkas/unggah/", views.Workbook.as_view(http_method_names=["post"]), name="unggah"),
    path(
        "berkas/terapkan/",
        views.Workbook.as_view(applies=True, http_method_names=["post"]),
        name="terapkan",
    ),
    path("berkas/buang/", views.drop, name="buang"),
    path("batas/", views.BoundaryFile.as_view(http_method_names=["get", "post"]), name="batas"),
    path(
        "batas/terapkan/",
        views.BoundaryFile.as_view(applies=True, http_method_names=["post"]),
        name="batas_terapkan",
    ),
    path("ekspor/", export_views.ekspor, name="ekspor"),
    path("ekspor/<slug:bentuk>/", export_views.unduh, name="unduh"),
]
