"""A report as PDF, docx and xlsx, each drawn from the same kept figures as the page."""
