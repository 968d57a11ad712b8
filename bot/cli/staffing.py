"""What the commands share of the staff's work: casework with a courier for each channel."""

from collections.abc import Callable

from bot.casework.courier import Courier, Noticeboard
from bot.casework.rights import Rights
from bot.casework.voice import Voice
from bot.casework.work import Casework
from bot.settings import Settings
from bot.telegram.courier import TelegramCourier


def couriers() -> dict[str, Courier]:
    """Return what brings words to people, by channel."""
    return {"telegram": TelegramCourier(), "terminal": Noticeboard()}


def casework(settings: Settings, voice: Callable[[], Voice]) -> Casework:
    """Return what the staff can do, with a courier for each channel people write on."""
    return Casework(voice, couriers(), rights=Rights(sensitive=settings.staff.sensitive))
