from django.urls import path

from kondusif_web.election import views

app_name = "election"

urlpatterns = [
    path("", views.operations, name="operations"),
]
