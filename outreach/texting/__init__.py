"""Text messages to people without an account."""
