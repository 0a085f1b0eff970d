"""Letters that people write with the portal: filled in, edited, out as Word and PDF."""
