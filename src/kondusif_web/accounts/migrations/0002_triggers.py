from django.db import migrations

from kondusif_web.logbook.triggers import install


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(*install("accounts_accessentry"))]
