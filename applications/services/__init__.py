"""What people do with applications. Import the module that names the field."""
