from django.urls import path

from kondusif_web.reports import views

app_name = "reports"

urlpatterns = [
    path("insiden/<uuid:pk>/", views.insiden, name="insiden"),
]
