"""Accounts by title, never by personal name; the access log; counts of wrong passwords."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from kondusif.places import area_code
from kondusif_web.accounts.roles import MEMBER_ROLES, OFFICE_ROLES
from kondusif_web.logbook.models import Chained


def check_prefixes(value: object) -> None:
    """A list of official area codes, each whole and so spelled: ``35.14.05`` and never ``35.1``."""
    if not isinstance(value, list) or not all(isinstance(v, str) and _spelled(v) for v in value):
        raise ValidationError(_("Wilayah berupa daftar kode, misalnya 99.01.01."))


def _spelled(kode: str) -> bool:
    try:
        return area_code(kode) == kode
    except ValueError:
        return False


def check_office_role(value: str) -> None:
    """A role that ``roles.csv`` gives in the office: a row there, and no promise of the database."""
    if value not in OFFICE_ROLES:
        raise ValidationError(_("Bukan peran di kantor."))


def check_member_role(value: str) -> None:
    """A role that ``roles.csv`` gives in an operation."""
    if value not in MEMBER_ROLES:
        raise ValidationError(_("Bukan peran dalam operasi."))


class People(BaseUserManager["User"]):
    """Finds accounts; they are made by ``actions.create_account`` so that the book knows them."""

    def titles(self) -> dict[str, str]:
        """Username to title, of every account, closed ones too: the book keeps accounts alone."""
        return {user.username: str(user) for user in self.all()}


class User(AbstractBaseUser):
    """One sign-in. ``role`` is what its person is for the office as a whole: administrator, auditor, or a
    planner who may begin an operation; blank for most. What one is in an operation is a ``Membership``."""

    username = models.CharField(max_length=60, unique=True)
    role = models.CharField(max_length=20, blank=True, validators=[check_office_role])
    jabatan = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    must_change = models.BooleanField(default=False)  # the password was given by someone else

    objects = People()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []  # noqa: RUF012

    is_person = True  # a row's key to its writer does not say whose row it is
    volatile = ("last_login",)  # moves with every sign-in; the access log has it

    def __str__(self) -> str:
        return self.jabatan or self.username

    @property
    def prefixes(self) -> tuple[str, ...]:
        """An account has no areas of its own; a membership has."""
        return ()

    def check_password(self, raw_password: str | None) -> bool:
        """As Django's, without writing a stronger hash on the way: every write of a row has its line."""
        return check_password(raw_password, self.password)


class AccessEntry(Chained):
    """One line of the access log: who read what, and who came in (RULES 21)."""

    class Meta(Chained.Meta):
        db_table = "accounts_accessentry"


class Guess(models.Model):
    """Wrong passwords in a row, per account name and per address."""

    key = models.CharField(max_length=160, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_guess"

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
