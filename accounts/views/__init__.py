"""Pages of the accounts: signing in, one's own account, people, locks, the audit trail."""
