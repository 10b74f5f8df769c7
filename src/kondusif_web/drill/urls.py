from django.urls import path

from kondusif_web.drill import views

app_name = "drill"

urlpatterns = [
    path("latihan/", views.latihan, name="latihan"),
    path("latihan/maju/", views.maju, name="maju"),
]
