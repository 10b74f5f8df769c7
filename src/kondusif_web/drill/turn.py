"""One step of a story as its turn comes: who the operation has to do it, and what every action is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kondusif.errors import NotAllowed
from kondusif.files import OperationFile
from kondusif_web.accounts.roles import Role, may
from kondusif_web.drill.script import StoryStep
from kondusif_web.election.models import Membership, Operation


class StoryContext:
    """The people and the operation that the story plays with."""

    def __init__(self, operation: Operation, file: OperationFile) -> None:
        self.operation, self.file = operation, file
        members = operation.members.filter(active=True, user__is_active=True).select_related("user")
        self.people = {member.username: member for member in members}

    def person(self, username: str) -> Membership:
        """Who the sheet names. Raises NotAllowed where that account is closed or gone."""
        if username not in self.people:
            raise NotAllowed("account_closed")
        return self.people[username]

    def anyone(self, permission: str, role: Role | None = None) -> Membership:
        """The first person who may do this, for steps whose sheet names nobody. Raises NotAllowed."""
        for _, user in sorted(self.people.items()):
            if may(user, permission) and (role is None or user.role == role):
                return user
        raise NotAllowed("account_closed", permission=permission)


@dataclass(frozen=True, slots=True)
class StoryTurn:
    """A step on its stage."""

    stage: StoryContext
    step: StoryStep

    @property
    def operation(self) -> Operation:
        return self.stage.operation

    @property
    def row(self) -> Mapping[str, Any]:
        return self.step.row

    @property
    def given(self) -> dict[str, Any]:
        """The operation, who the row names, and when. Raises NotAllowed."""
        return self.given_by(self.stage.person(self.row["oleh"]))

    def given_by(self, member: Membership) -> dict[str, Any]:
        """The same, done by somebody whom the row does not name."""
        return {"operation": self.operation, "by": member, "now": self.step.at}
