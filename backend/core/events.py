"""Names and limits of events that mean something to the product itself."""

CHANGED = "$changed"
"""A contact's fields or tags have really changed; stored so that exit rules look at it."""
IDENTIFY = "$identify"
"""In a replay's events: the properties are laid over the contact as fields."""
HISTORY_MS = 24 * 3_600_000
"""A live event older than this on arrival is history: it starts and moves nobody."""
