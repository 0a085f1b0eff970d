"""Why a backup, a return or a move is not made, or is not called good: a sentence for people."""


class BackupRefused(Exception):
    """It could not be begun, or was given up; nothing counts as done."""


class NotGood(BackupRefused):
    """It was looked at, and something does not agree."""
