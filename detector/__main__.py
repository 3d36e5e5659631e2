"""python3 -m detector: runs the command line; from a bare checkout it first makes .venv from the lock file.

Needs nothing but Python's own library until .venv is there.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  said here, before anything newer is parsed
    found = ".".join(map(str, sys.version_info[:2]))
    sys.exit("detector: needs Python 3.11 or newer, this is " + found + "; install a newer one and run it with that")

from detector import bootstrap

if __name__ == "__main__":
    if bootstrap.needed():
        sys.exit(bootstrap.run_inside(sys.argv[1:]))
    from detector.cli import main

    main()
