"""Run by office.py in a process of its own: ``start.py [MOMENT]``.

Migrates, loads the sample, starts a draft of the instrument, plays the drill up to an ISO moment if one is
given, prints the passwords as JSON. After playing, one action against a risk stands in the register, since
the sample has none of its own.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta

import django


def write_an_action() -> None:
    """At both villages that are Rawan and above, so that its page can be reached and looked at."""
    from kondusif_web.accounts.models import User
    from kondusif_web.election.queries import current_operation
    from kondusif_web.mitigation.actions import Factor, offer_mitigation

    operation = current_operation()
    offer_mitigation(
        text="Dialog dengan semua calon dan tokoh masyarakat (latihan)",
        desa=list(operation.desa.filter(kode__in=("35.14.05.2001", "35.14.05.2014"))),
        factors=[Factor("F04", "jarang didatangi", 4.0), Factor("C01")],
        due=operation.clock + timedelta(days=2),
        by=User.objects.get(username="kapolsek"),
        now=operation.clock,
    )


if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command

    from kondusif_web.accounts.models import User
    from kondusif_web.drill.actions import advance_to, load_sample
    from kondusif_web.election.clock import now as clock_now
    from kondusif_web.election.queries import current_operation
    from kondusif_web.instrument.actions import start_draft

    call_command("migrate", verbosity=0)
    passwords = load_sample(now=datetime.now().astimezone())
    planner, now = User.objects.get(username="perencana"), clock_now(current_operation())
    start_draft(source="", kode="kondusif-45", by=planner, now=now)  # so that its pages can be reached
    for moment in sys.argv[1:]:
        to = datetime.fromisoformat(moment)
        advance_to(operation=current_operation(), to=to, by=None, now=datetime.now().astimezone())
    if sys.argv[1:]:
        write_an_action()
    print(json.dumps(dict(passwords)))
