from django.urls import path

from kondusif_web.withdrawal import views

app_name = "withdrawal"

urlpatterns = [
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
