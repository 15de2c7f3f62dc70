"""Start of the installed `promenade-mirror`."""

from mirror.__main__ import main

if __name__ == "__main__":
    main()
