"""What people do with review tables. Import the module that names the field."""
