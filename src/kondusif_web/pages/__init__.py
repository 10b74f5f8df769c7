"""The look: template tags, the frame's context, the map. No models."""

from __future__ import annotations

from typing import Any

Context = dict[str, Any]  # what a template is given, by name
