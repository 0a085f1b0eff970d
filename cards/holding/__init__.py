"""The card in somebody's hands: its entry, its end, its holder's page, and what reminds of it."""
