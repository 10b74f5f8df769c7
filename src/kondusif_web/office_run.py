"""The commands of ``kondusif-office`` that run it: serve, migrate, and the clock of a drill."""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from waitress import create_server

from kondusif.cli.terminal import OK, REFUSED, USAGE
from kondusif.files.cells import BadCell, moment
from kondusif.files.moments import located
from kondusif.stages import local_day
from kondusif_web.drill.actions import load_sample, play_until
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Operation
from kondusif_web.terminal import at, named, no_account, passwords, say

OPENS = "H+1 14.05"  # where the demonstration stands: after the vote, before anybody may leave


def serve(args: argparse.Namespace) -> int:
    """Migrate, load the example when asked for, print its passwords once, serve until Ctrl-C."""
    migrate(args)
    if args.host not in ("127.0.0.1", "localhost") and settings.ALLOWED_HOSTS == ["localhost", "127.0.0.1"]:
        print("Komputer lain perlu KONDUSIF_HOSTS=nama-atau-alamat kantor ini.", flush=True)
    from kondusif_web.wsgi import application

    try:
        server = create_server(application, host=args.host, port=args.port, threads=8, ident=None, **_proxy())
    except OSError as err:
        other = f"Coba --port {args.port + 1} (make run PORT={args.port + 1})."
        return say(f"Port {args.port} sedang dipakai atau tidak boleh dibuka: {err}. {other}", REFUSED)
    if args.demo:  # after the port is ours: passwords are shown once
        _demo()
        settings.DEMO = True
    print(no_account(), end="", flush=True)
    print(f"Kantor terbuka di http://localhost:{server.effective_port}/  (Ctrl-C mengakhiri)", flush=True)
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
    print("Kantor ditutup.", flush=True)
    return OK


def _proxy() -> dict[str, Any]:
    """Behind TLS only: take scheme and sender from the proxy, and from nobody else."""
    if not settings.HTTPS:
        return {}
    headers = {"x-forwarded-proto", "x-forwarded-for"}
    return {"trusted_proxy": settings.PROXY, "trusted_proxy_headers": headers}


def _demo() -> None:
    """Load the example into an office without operations, played to the afternoon after the vote.

    The passwords are made here and shown this once; on the sign-in page its people stand as cards.
    """
    if Operation.objects.exists():
        print("Kantor sudah berisi; contoh tidak dimuat lagi. Lupa sandi: kondusif-office user reset AKUN")
        return
    print("Memuat contoh Pasrepan (LATIHAN - DATA ILUSTRATIF) ...", flush=True)
    given = load_sample(now=at())
    for operation in Operation.objects.all():
        until = moment_of(OPENS, operation)
        assert until is not None
        play_until(operation=operation, until=until, by=None)
    passwords(given)


def migrate(args: argparse.Namespace) -> int:
    """Bring the database to this version."""
    call_command("migrate", verbosity=0, interactive=False)
    return OK


def drill(args: argparse.Namespace) -> int:
    """Move the clock of a drill and play what lies between."""
    operation = named(args.operation)
    to = moment_of(args.to, operation)
    if to is None:
        return say(f"Bukan waktu: {args.to}. Tulis '2023-10-11 14.05', H+1, atau 'H+1 14.05'.", USAGE)
    play_until(operation=operation, until=to, by=None)
    print(f"Jam latihan: {to:%Y-%m-%d %H.%M} {to.tzname()}")
    return OK


def moment_of(text: str, operation: Operation) -> datetime | None:
    """A local time as in the files, or a day such as H+1 14.05; without a clock at the hour of the vote."""
    election = election_of(operation)
    head, _, clock = text.strip().partition(" ")
    try:
        if head.upper().startswith("H"):
            vote = election.vote_at.astimezone(election.zone) + timedelta(days=int(head[1:] or "0"))
            if not clock:
                return vote
            text = f"{local_day(vote, election.zone)} {clock}"
        return located(moment(text), election.zone)
    except (ValueError, BadCell):
        return None
