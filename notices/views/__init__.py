"""Pages of the notices: the inbox, one's own choice of channels, and the station's ledger."""
