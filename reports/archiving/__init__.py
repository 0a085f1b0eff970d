"""Archive packages of cases that are over (归档信息包): made, checked, and by the year (ADR 78)."""
