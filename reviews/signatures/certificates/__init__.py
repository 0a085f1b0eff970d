"""Certificates: issued by the station's own authority or imported, kept, revoked, trusted."""
