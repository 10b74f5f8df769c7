"""The name by which the office's first migration knows the status of a commitment."""

from kondusif.dialogue.commitments import CommitmentStatus as Status

__all__ = ["Status"]
