"""Run by office.py in a process of its own: an office with its first account and nothing else.

What docs/how-to/run.md tells to do before the first start: migrate, and one administrator. Prints its
one-time password as JSON.
"""

from __future__ import annotations

import json
from datetime import datetime

import django

if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command

    from kondusif_web.accounts.actions import create_account, one_time_password

    call_command("migrate", verbosity=0)
    password = one_time_password()
    now = datetime.now().astimezone()
    create_account(username="admin", role="admin", password=password, by=None, now=now)
    print(json.dumps({"admin": password}))
