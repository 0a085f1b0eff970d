"""Pages of letters and of the templates that they are set in."""
