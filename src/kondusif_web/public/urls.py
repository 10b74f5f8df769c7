from django.urls import path

from kondusif_web.public import views

app_name = "public"

urlpatterns = [
    path("publik/", views.publik, name="publik"),
    path("publik/kalender.ics", views.kalender, name="kalender"),
    path("publik/terbit/", views.terbit, name="terbit"),
    path("publik/<slug:bahasa>/", views.publik, name="publik_bahasa"),
    path("publik/<slug:bahasa>/kalender.ics", views.kalender, name="kalender_bahasa"),
]
