"""Pages of the review. Import the module that names the field."""
