"""The ten materials of Annex 3, one module or package each, and what papers share."""
