"""Start of the installed `promenade-hub`: `promenade hub` under a name of its own."""

import sys
from multiprocessing import freeze_support

from edge_core.cli import main

if __name__ == "__main__":
    freeze_support()
    sys.argv.insert(1, "hub")
    main()
