"""Who may see the operator's pages: accounts, sessions, sign-in, and a log of who looked."""
