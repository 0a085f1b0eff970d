"""The calendar holds nothing of people but who entered it."""

from core.personal_data import DataRegister

REGISTER = DataRegister(
    none="workdays.HolidayNotice workdays.WorkdayOverride workdays.StationClosure",
)
