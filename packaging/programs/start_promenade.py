"""Start of the installed `promenade`."""

from multiprocessing import freeze_support

from edge_core.cli import main

if __name__ == "__main__":
    freeze_support()  # a worker process begins here too and never returns
    main()
