"""The ways in, one folder each; every one ends in the same doors: ``answers.take_answers``, ``reports``.

A channel has no models and no rule. ``urls.py`` holds its addresses below ``/o/<kode>/`` with the folder's
name as ``app_name``; pages and static files may lie in ``templates/`` and ``static/`` of the folder. A new
channel is a new folder: settings and addresses take what they find here.
"""

from __future__ import annotations

from pathlib import Path

WAYS = tuple(sorted(path.parent.name for path in Path(__file__).parent.glob("*/urls.py")))
