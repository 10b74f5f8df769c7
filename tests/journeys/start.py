"""Run by office.py in a process of its own: ``start.py [MOMENT]``.

Migrates, loads the sample, plays the drill up to an ISO moment if one is given, prints the passwords as JSON.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime

import django

if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command

    from kondusif_web.drill.actions import load_sample, play_until
    from kondusif_web.election.models import Operation

    call_command("migrate", verbosity=0)
    passwords = load_sample(now=datetime.now().astimezone())
    for moment in sys.argv[1:]:
        to = datetime.fromisoformat(moment)
        play_until(operation=Operation.objects.get(), until=to, by=None)
    print(json.dumps(dict(passwords)))
