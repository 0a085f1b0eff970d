"""Word files: judged before they are parsed, filled in a sandbox, read back."""
