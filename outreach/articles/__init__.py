"""Articles: written, checked by a second person, shown from a day to a day, and read."""
