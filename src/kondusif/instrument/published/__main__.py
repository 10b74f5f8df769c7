"""``python -m kondusif.instrument.published --check`` or ``--publish kondusif-46/1``; only in a checkout."""

from __future__ import annotations

import argparse
import sys

from kondusif.errors import KondusifError
from kondusif.instrument.published import problems, publish


def main(argv: list[str] | None = None) -> int:
    """0 when every published file is as it was, or the new one is written; 1 with what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m kondusif.instrument.published", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--check", action="store_true", help="fail when a published file was edited")
    what.add_argument("--publish", metavar="KEY", help="freeze the catalogue as this version")
    options = parser.parse_args(argv)
    if options.check:
        found = problems()
    else:
        try:
            print(publish(options.publish))
        except KondusifError as error:
            found = [str(error)]
        else:
            found = []
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
