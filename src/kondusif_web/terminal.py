"""What every command of ``kondusif-office`` needs: the operation it names, what it says, its exit code."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import OperationalError, ProgrammingError
from django.utils import timezone

from kondusif.cli.terminal import BAD_FILE, OK, REFUSED, USAGE
from kondusif.errors import ImportRefused, KondusifError
from kondusif_web.accounts.models import User
from kondusif_web.drill.actions import StepRefused
from kondusif_web.drill.wording import reason, refused
from kondusif_web.election.models import Operation
from kondusif_web.logbook.clock import server_now
from kondusif_web.pages.wording import refusal

NEXT: Mapping[str, str] = {  # what the command line has for it, by the reason of the refusal
    "account_taken": "Sandi baru: kondusif-office user reset AKUN; tempat dalam operasi: "
    "kondusif-office user member AKUN --operation KODE.",
    "reason_missing": "Tulis dengan --reason.",
}


class NoOperation(LookupError):
    """The office holds no operation yet."""


class UnknownOperation(LookupError):
    """No operation has this code."""


class NameOne(Exception):
    """The office holds several operations, and the command names none. ``args``: their codes."""


def say(text: str, code: int) -> int:
    """A sentence on stderr; gives the exit code back."""
    print(text, file=sys.stderr)
    return code


def passwords(given: Mapping[str, str]) -> None:
    """One-time passwords, shown this once."""
    width = max((len(name) for name in given), default=0)
    print("Akun dan kata sandi; ditampilkan sekali ini saja:")
    for name, password in given.items():
        print(f"  {name:<{width}}  {password}")
    sys.stdout.flush()


def named(kode: str | None) -> Operation:
    """The operation of this code, or without one the only one there is; what is said is on its clock.

    Raises NoOperation, UnknownOperation, NameOne.
    """
    known = {o.kode: o for o in Operation.objects.order_by("kode")}
    if kode is not None and kode not in known:
        raise UnknownOperation(kode, *known)
    if not known:
        raise NoOperation
    if kode is None and len(known) > 1:
        raise NameOne(*known)
    operation = known[kode] if kode is not None else next(iter(known.values()))
    timezone.activate(operation.zone)  # until ``run`` ends
    return operation


def at(operation: Operation | None = None) -> datetime:
    """Now on the clock of an operation, without one on the server's."""
    return server_now() if operation is None else operation.now()


def why(err: KondusifError) -> str:
    """A refusal as the terminal says it: the sentence of the pages, and what to write here."""
    if isinstance(err, StepRefused):
        return f"{refused(err.step, {})} {reason(err.why)}"
    named = err.facts.get("desa")
    parts = [
        refusal(err),
        ", ".join(named) if isinstance(named, list | tuple) else "",
        NEXT.get(err.reason, ""),
    ]
    sentence = " ".join(part for part in parts if part)
    return sentence[:1].lower() + sentence[1:]


def absent(err: LookupError) -> str:
    """What is not there, and where it would come from."""
    if isinstance(err, NoOperation):
        return (
            "Kantor masih kosong. Perencana memulai operasi di halaman Operasi, atau: "
            "kondusif-office import BERKAS"
        )
    if isinstance(err, UnknownOperation):
        kode, *known = err.args
        return f"Operasi {kode} tidak ada. Yang ada: {', '.join(known) or 'belum ada'}."
    if err.args == ("operasi",):
        return "Berkas tanpa lembar operasi. Operasi dimulai dengan berkas yang memuat lembar itu."
    return f"Tidak ada: {err}"


def which(err: NameOne) -> str:
    """Which operations there are to name."""
    return f"Kantor ini memuat beberapa operasi. Tulis --operation dengan salah satu: {', '.join(err.args)}."


def no_account() -> str:
    """How the first account is made, in an office that has none; else nothing."""
    if User.objects.exists():
        return ""
    return "Belum ada akun. Di terminal lain: kondusif-office user add admin --role admin\n"


def run(command: Callable[[argparse.Namespace], int], args: argparse.Namespace) -> int:
    """One command; what it refuses as a sentence and an exit code."""
    with timezone.override(None):
        return _tried(command, args)


def _tried(command: Callable[[argparse.Namespace], int], args: argparse.Namespace) -> int:
    try:
        return command(args)
    except ImportRefused as err:
        say(f"Tidak ada yang diimpor. {len(err.problems)} masalah:", BAD_FILE)
        return say("\n".join(f"  {p}" for p in err.problems), BAD_FILE)
    except ValidationError as err:
        return say("\n".join(err.messages), USAGE)
    except KondusifError as err:
        return say(f"Ditolak: {why(err)}", REFUSED)
    except NameOne as err:
        return say(which(err), USAGE)
    except LookupError as err:
        return say(absent(err), REFUSED)
    except (OperationalError, ProgrammingError) as err:
        return say(f"Basis data tidak siap: {err}. Jalankan kondusif-office migrate.", REFUSED)
    except KeyboardInterrupt:
        return OK
