"""Public guide: pages anybody reads without an account."""
