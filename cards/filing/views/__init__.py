"""Pages of the filing, one module a page."""
