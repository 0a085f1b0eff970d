"""Pages of the enterprise's duty."""
