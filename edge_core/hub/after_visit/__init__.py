"""After the visit: the list on the shopper's phone, reminders asked for, and what those change.

A list is read from its signed address and kept nowhere. Only who asks for a reminder is kept, for
as long as it takes to send it; one in five of them by chance gets none, to tell what reminders do.
"""
