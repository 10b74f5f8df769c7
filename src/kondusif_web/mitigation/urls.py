from django.urls import path

from kondusif_web.mitigation import views

app_name = "mitigation"

urlpatterns = [
    path("tindakan/", views.daftar, name="daftar"),
    path("tindakan/baru/", views.baru, name="baru"),
    path("tindakan/<uuid:mitigation>/", views.tindakan, name="tindakan"),
    path("tindakan/<uuid:mitigation>/sunting/", views.sunting, name="sunting"),
    path("tindakan/<uuid:mitigation>/<str:verb>/", views.ubah, name="ubah"),
]
