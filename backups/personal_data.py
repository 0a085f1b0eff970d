"""What this room holds of people: nothing; what a backup holds is what the other rooms hold."""

from core.personal_data import DataRegister

REGISTER = DataRegister(none="backups.BackupRun")
