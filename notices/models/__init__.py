"""The notice room's tables."""

from notices.models.channels import ChannelHealth, Preferences, WecomRobot
from notices.models.machinery import BeatLease, BeatRun, Heartbeat
from notices.models.messages import Delivery, Notice

__all__ = [
    "BeatLease",
    "BeatRun",
    "ChannelHealth",
    "Delivery",
    "Heartbeat",
    "Notice",
    "Preferences",
    "WecomRobot",
]
