"""The command ``kondusif``: the whole path on files, without Django or a database.

Exit codes: 0 done (or every gate open), 1 refused, shut or broken, 2 usage, 3 a bad input file.
Results go to standard output, progress and errors to standard error. ``--json`` prints one JSON document.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from kondusif.cli.options import parser
from kondusif.cli.terminal import BAD_FILE, OK, REFUSED, USAGE, Usage

__all__ = ["BAD_FILE", "OK", "REFUSED", "USAGE", "main", "parser"]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    options = parser().parse_args(argv)
    from kondusif.cli import commands
    from kondusif.errors import ImportRefused, KondusifError, RecipeError

    run = commands.COMMANDS[options.command]
    try:
        return run(options)
    except Usage as error:
        print(f"kondusif {options.command}: salah pakai: {error}", file=sys.stderr)
        return USAGE
    except ImportRefused as error:
        print(f"Tidak ada yang diimpor. {len(error.problems)} masalah:", file=sys.stderr)
        for problem in error.problems:
            print(f"  - {problem}", file=sys.stderr)
        return BAD_FILE
    except BrokenPipeError:  # the reader of a pipe left; there is nobody to tell
        sys.stderr.close()
        return OK
    except (OSError, UnicodeDecodeError) as error:
        print(f"Berkas tidak dapat dibaca atau ditulis: {error}", file=sys.stderr)
        return BAD_FILE
    except KondusifError as error:
        from kondusif.cli.wording import refused

        print(refused(error), file=sys.stderr)
        return BAD_FILE if isinstance(error, RecipeError) else REFUSED


if __name__ == "__main__":
    sys.exit(main())
