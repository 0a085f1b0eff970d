"""Pages of applications. Import the module that names the field."""
