from django.urls import path

from kondusif_web.channels.web import views

app_name = "web"

urlpatterns = [
    path("lapor/", views.lapor, name="lapor"),
    path("lapor/aman/", views.aman, name="aman"),
    path("lapor/tiba/", views.aman, {"kind": "tiba"}, name="tiba"),
    path("lapor/situasi/", views.situasi, name="situasi"),
    path("lapor/insiden/", views.insiden_baru, name="insiden_baru"),
    path("jawab/<str:tempat>/", views.jawab, name="jawab"),
]
