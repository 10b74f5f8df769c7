urlpatterns: list = []
app_name = "instrument"
