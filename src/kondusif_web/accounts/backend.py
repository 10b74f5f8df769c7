"""Sign-in by account name; nothing of Django's permissions."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from kondusif_web.accounts.models import User


class Backend(BaseBackend):
    """Name and password. An unknown name costs as much time as a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None
    ) -> User | None:
        user = User.objects.filter(username=username or "").first()
        if user is None:
            User().set_password(password or "")
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()
