"""Reports count; they hold nothing of a person but who asked for them."""

from core.personal_data import DataRegister

REGISTER = DataRegister(none="reports.StageReport")
