"""Pages of enterprises. Import the module that names the field."""
