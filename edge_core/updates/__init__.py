"""New versions: fetched, checked, installed, watched, and taken back when they do not hold.

Read `updater` for the order of the work, `channel` for what is believed, `archive` for what is
unpacked, `layout` for where versions lie, `probation` for what counts as healthy.
"""
