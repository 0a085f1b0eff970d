"""Services on a card: what fits, its loss, its cancellation, the letters for each (ADR 0049)."""
