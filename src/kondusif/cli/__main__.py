import sys

from kondusif.cli import main

sys.exit(main())
