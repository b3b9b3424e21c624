"""The command line: `python app.py serve` starts Sojourn, `python app.py --help` tells the rest."""

from __future__ import annotations

import sys

from backend.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
