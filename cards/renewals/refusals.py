"""Why a service cannot begin or end now."""

from applications.services.intake import IntakeRefused


class ServiceRefused(IntakeRefused):
    """The service cannot begin or end now; the text says why and what to do."""
