"""Parameters hold nothing of people but who set them."""

from core.personal_data import DataRegister

REGISTER = DataRegister(none="parameters.Parameter parameters.ParameterValue")
