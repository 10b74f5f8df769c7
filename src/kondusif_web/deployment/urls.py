from django.urls import path

from kondusif_web.deployment import views

app_name = "deployment"

urlpatterns = [
    path("rencana/", views.rencana, name="rencana"),
    path("rencana/susun/", views.susun, name="susun"),
    path("rencana/plotting.xlsx", views.plotting, name="plotting"),
    path("rencana/apel/", views.apel, name="apel"),
    path("rencana/apel/<uuid:pk>/hadir/", views.hadir, name="hadir"),
    path("rencana/apel/<uuid:pk>/hitung/", views.hitung, name="hitung"),
    path("rencana/apel/<uuid:pk>/pulang/", views.pulang, name="pulang"),
    path("rencana/apel/<uuid:pk>/batal/", views.batal, name="batal"),
    path("rencana/<uuid:pk>/ajukan/", views.ajukan, name="ajukan"),
    path("rencana/<uuid:pk>/sahkan/", views.sahkan, name="sahkan"),
]
