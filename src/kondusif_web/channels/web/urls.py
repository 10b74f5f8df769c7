from django.urls import path

from kondusif_web.channels.web import answer_views, views

app_name = "web"

urlpatterns = [
    path("lapor/", views.lapor, name="lapor"),
    path("lapor/aman/", views.aman, name="aman"),
    path("lapor/tiba/", views.aman, {"kind": "tiba"}, name="tiba"),
    path("lapor/situasi/", views.situasi, name="situasi"),
    path("lapor/insiden/", views.insiden_baru, name="insiden_baru"),
    path("jawab/<str:tempat>/", answer_views.jawab, name="jawab"),
    path("ukur/hitung/", answer_views.hitung, name="hitung"),
    path("ukur/terbitkan/", answer_views.terbitkan, name="terbitkan"),
]
