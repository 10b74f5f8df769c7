"""The command ``kondusif``: the whole path on files, without Django or a database.

Exit codes: 0 done (or every gate open), 1 refused, shut or broken, 2 usage, 3 a bad input file.
Results go to standard output, progress and errors to standard error. ``--json`` prints one JSON document.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from kondusif.cli.options import parser
from kondusif.cli.terminal import (
    BAD_FILE,
    OK,
    REFUSED,
    USAGE,
    UsageError,
    progress,
    refuse_overwriting,
    remarks_shown,
    without_nan,
)

__all__ = ["BAD_FILE", "OK", "REFUSED", "USAGE", "main", "parser"]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    options = parser().parse_args(argv)
    from kondusif.cli.commands import COMMANDS
    from kondusif.cli.wording import file_trouble, refused
    from kondusif.errors import ImportRefused, KondusifError, RecipeError

    try:
        refuse_overwriting(options)
        with remarks_shown():
            result = COMMANDS[options.command](options)
        if options.json:
            print(json.dumps(without_nan(result.document), ensure_ascii=False, indent=2))
        else:
            print("\n".join(result.lines))
        return result.code
    except UsageError as error:
        progress(f"kondusif {options.command}: salah pakai: {error}")
        return USAGE
    except ImportRefused as error:
        progress(f"Tidak ada yang diimpor. {len(error.problems)} masalah:")
        for problem in error.problems:
            progress(f"  - {problem}")
        return BAD_FILE
    except BrokenPipeError:  # the reader of a pipe left; there is nobody to tell
        sys.stderr.close()
        return OK
    except (OSError, UnicodeDecodeError) as error:
        progress(f"Berkas tidak dapat dibaca atau ditulis: {file_trouble(error)}")
        return BAD_FILE
    except MemoryError:
        progress(
            f"kondusif {options.command}: memori komputer ini tidak cukup; kurangi draws, size, atau satuan"
        )
        return REFUSED
    except KondusifError as error:
        progress(refused(error))
        return BAD_FILE if isinstance(error, RecipeError) else REFUSED
