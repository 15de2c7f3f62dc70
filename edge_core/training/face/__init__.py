"""Age and gender of faces."""
