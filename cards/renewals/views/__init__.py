"""Pages of the services."""
