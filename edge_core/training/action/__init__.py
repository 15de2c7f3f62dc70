"""Whether somebody handles goods, from one person crop."""
