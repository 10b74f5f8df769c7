"""What a page says once after an action: on the pages of its operation only, of the office anywhere."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpResponse


class ToldInOperation(SessionStorage):
    """Messages in the session under the code of the operation whose page was asked, "" for the office."""

    office: list[Message] = []  # noqa: RUF012  replaced when messages are read

    @property
    def operation(self) -> str:
        return str(getattr(getattr(self.request, "operation", None), "kode", ""))

    def _key(self, operation: str) -> str:
        return f"{self.session_key}/{operation}" if operation else self.session_key

    def _read(self, operation: str) -> list[Message]:
        return self.deserialize_messages(self.request.session.get(self._key(operation))) or []

    def _get(self, *args: object, **kwargs: object) -> tuple[list[Message], bool]:
        if settings.SESSION_COOKIE_NAME not in self.request.COOKIES:
            return [], True  # nobody's session: a public page does not depend on it
        self.office = self._read("")
        return self.office + (self._read(self.operation) if self.operation else []), True

    def _store(
        self, messages: Iterable[Message], response: HttpResponse, *args: object, **kwargs: object
    ) -> list[Message]:
        """What waits is kept where it was said: messages of the office stay the office's."""
        kept: dict[str, list[Message]] = {"": [], self.operation: []}
        for message in messages:
            of_office = any(message is one for one in self.office)
            kept["" if of_office else self.operation].append(message)
        for operation, waiting in kept.items():
            if waiting:
                self.request.session[self._key(operation)] = self.serialize_messages(waiting)
            else:
                self.request.session.pop(self._key(operation), None)
        return []
