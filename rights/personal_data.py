"""What the requests themselves hold of people."""

from core.personal_data import DataRegister

REGISTER = DataRegister()
