"""Demonstration data: invented people, firms and cases, made through the services themselves."""
