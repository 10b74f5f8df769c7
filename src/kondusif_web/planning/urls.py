from django.urls import path

from kondusif_web.planning import views

app_name = "planning"

urlpatterns = [
    path("rencana/", views.rencana, name="rencana"),
    path("rencana/susun/", views.susun, name="susun"),
    path("rencana/plotting.xlsx", views.plotting, name="plotting"),
    path("rencana/<uuid:pk>/ajukan/", views.ajukan, name="ajukan"),
    path("rencana/<uuid:pk>/sahkan/", views.sahkan, name="sahkan"),
]
