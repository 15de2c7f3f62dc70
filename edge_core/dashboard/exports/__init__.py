"""Taking figures along: tables as CSV, and a day on one page as PDF."""
