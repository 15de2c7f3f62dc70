"""`python -m edge_core`: the same as the `promenade` command."""

from edge_core.cli import main

if __name__ == "__main__":
    main()
