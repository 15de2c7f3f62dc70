"""Start of the installed `promenade-kiosk`."""

from kiosk.__main__ import main

if __name__ == "__main__":
    main()
