"""Self-test of eligibility: one versioned document of questions, rules and examples."""
