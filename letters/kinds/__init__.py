"""What is known of each kind of letter, a module a kind."""
