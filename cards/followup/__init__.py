"""Follow-up of enterprises and holders: visits, findings, feedback."""
