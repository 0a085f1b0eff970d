"""The demand ledger (需求台账): whom the station knows, told and helped. See ADR 55."""
