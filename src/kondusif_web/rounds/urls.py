from django.urls import path

from kondusif_web.rounds import answer_views, views

app_name = "rounds"

urlpatterns = [
    path("putaran/", views.putaran, name="putaran"),
    path("putaran/tagihan/", views.tagihan, name="tagihan"),
    path("putaran/tagihan.xlsx", views.tagihan_xlsx, name="tagihan_xlsx"),
    path("putaran/bukti/", answer_views.bukti, name="bukti"),
    path("putaran/bukti/<uuid:pk>/unduh/", answer_views.unduh, name="unduh"),
    path("putaran/bukti/<uuid:pk>/cabut/", answer_views.cabut, name="cabut"),
    path("putaran/desa/<str:kode>/", views.desa, name="desa"),
    path("putaran/<str:gerbang>/", views.gerbang, name="gerbang"),
    path("putaran/<str:gerbang>/buka/", views.buka, name="buka"),
    path("putaran/<str:gerbang>/tutup/", views.tutup, name="tutup"),
]
