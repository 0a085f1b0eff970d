"""The letter in which an enterprise is told everything at once, and its file."""
