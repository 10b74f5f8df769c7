"""What ``kondusif-office`` says in the terminal when something is refused or absent."""

from __future__ import annotations

WHY = {
    "the operation is there already": "kantor ini sudah berisi operasi. Jawaban berikutnya masuk lewat "
    "halaman Ukur; operasi lain memakai folder KONDUSIF_DATA lain.",
    "the account name is taken": "nama akun itu sudah dipakai. Sandi baru: kondusif-office user reset AKUN.",
    "only a drill has a clock of its own": "hanya latihan yang punya jam sendiri.",
    "the clock of a drill never runs back": "jam latihan hanya maju.",
}


def why(err: Exception) -> str:
    """A refusal as the terminal says it; one of the drill's story names its step."""
    from kondusif_web.drill.actions import StepRefused
    from kondusif_web.drill.wording import reason, refused

    if isinstance(err, StepRefused):
        return f"{refused(err.step, {})} {reason(err.why)}"
    return WHY.get(str(err), str(err))


def absent(err: LookupError) -> str:
    """What is not there, and where it would come from."""
    from kondusif_web.election.queries import NoOperation

    if isinstance(err, NoOperation):
        return (
            "Kantor masih kosong. Perencana memulai operasi di halaman Operasi, atau: "
            "kondusif-office import BERKAS"
        )
    if err.args == ("operasi",):
        return "Berkas tanpa lembar operasi. Kantor dimulai dengan berkas yang memuat lembar itu."
    return f"Tidak ada: {err}"


def no_account() -> str:
    """How the first account is made, in an office that has none; else nothing."""
    from kondusif_web.election.models import Membership

    if Membership.objects.exists():
        return ""
    return "Belum ada akun. Di terminal lain: kondusif-office user add admin --role admin\n"
