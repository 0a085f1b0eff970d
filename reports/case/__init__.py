"""The case on one page: where it stands, whose move it is, and everything that happened."""
