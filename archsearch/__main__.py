"""`python -m archsearch` is the command `archsearch`."""

from __future__ import annotations

import sys

from archsearch.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
