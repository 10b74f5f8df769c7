from django.urls import path

from kondusif_web.field import step_views, views

app_name = "field"
urlpatterns = [
    path("lapor/", views.lapor, name="lapor"),
    path("lapor/aman/", views.aman, name="aman"),
    path("lapor/tiba/", views.aman, {"kind": "tiba"}, name="tiba"),
    path("lapor/situasi/", views.situasi, name="situasi"),
    path("lapor/insiden/", views.insiden_baru, name="insiden_baru"),
    path("jawab/<str:tempat>/", views.jawab, name="jawab"),
    path("putaran/bersama/<uuid:pk>/", views.bersama, name="bersama"),
    path("insiden/<uuid:pk>/", views.insiden, name="insiden"),
    path("penarikan/", step_views.penarikan_list, name="penarikan_list"),
    path("penarikan/<str:kode>/", step_views.penarikan, name="penarikan"),
    path("penarikan/<str:kode>/minta/", step_views.minta, name="minta"),
    path("penarikan/<str:kode>/putuskan/<uuid:pk>/", step_views.putuskan, name="putuskan"),
    path("penarikan/<str:kode>/fakta/", step_views.fakta, name="fakta"),
    path("penarikan/<str:kode>/kecualikan/", step_views.kecualikan, name="kecualikan"),
    path("penarikan/<str:kode>/tanda/<uuid:pk>/", step_views.tanda, name="tanda"),
    path("penarikan/<str:kode>/postur/", step_views.postur, name="postur"),
    path("penarikan/<str:kode>/sengketa/", step_views.sengketa, name="sengketa"),
    path("penarikan/<str:kode>/kode-warga/", step_views.kode_warga, name="kode_warga"),
    path("k/<str:code>/", views.kode_jawab, name="kode"),
]
