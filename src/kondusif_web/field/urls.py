from django.urls import path

from kondusif_web.field import views

app_name = "field"
urlpatterns = [
    path("lapor/", views.lapor, name="lapor"),
    path("lapor/aman/", views.aman, name="aman"),
    path("lapor/tiba/", views.aman, {"kind": "tiba"}, name="tiba"),
    path("lapor/situasi/", views.situasi, name="situasi"),
    path("lapor/insiden/", views.insiden_baru, name="insiden_baru"),
    path("insiden/<uuid:pk>/", views.insiden, name="insiden"),
    path("penarikan/", views.penarikan_list, name="penarikan_list"),
    path("penarikan/<str:kode>/", views.penarikan, name="penarikan"),
    path("penarikan/<str:kode>/minta/", views.minta, name="minta"),
    path("penarikan/<str:kode>/putuskan/<uuid:pk>/", views.putuskan, name="putuskan"),
    path("penarikan/<str:kode>/fakta/", views.fakta, name="fakta"),
    path("penarikan/<str:kode>/kecualikan/", views.kecualikan, name="kecualikan"),
    path("penarikan/<str:kode>/tanda/<uuid:pk>/", views.tanda, name="tanda"),
    path("penarikan/<str:kode>/postur/", views.postur, name="postur"),
    path("penarikan/<str:kode>/sengketa/", views.sengketa, name="sengketa"),
    path("penarikan/<str:kode>/kode-warga/", views.kode_warga, name="kode_warga"),
    path("k/<str:code>/", views.kode_jawab, name="kode"),
]
