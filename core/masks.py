"""Masks of personal numbers and names, until somebody with a reason reveals them."""


def mask_id_number(number: str) -> str:
    """The first three and the last four: the birth date is what must not show."""
    return _mask(number, 3, 4)


def mask_phone(number: str) -> str:
    """The first three and the last four of a mobile number, as people read it aloud."""
    return _mask(number, 3, 4)


def mask_passport(number: str) -> str:
    """The kind of passport and the last two digits."""
    return _mask(number, 2, 2)


def mask_card(number: str) -> str:
    """The last four, by which people tell their cards apart."""
    return _mask(number, 0, 4)


def mask_name(name: str) -> str:
    """张* · 张*丰: the surname's first character, and the last one of a longer name."""
    name = name.strip()
    return _mask(name, 1, 1) if len(name) > 2 else f"{name[:1]}*" if name else ""


def _mask(value: str, head: int, tail: int) -> str:
    """Something too short to keep its ends is hidden whole."""
    value = value.strip()
    hidden = len(value) - head - tail
    if hidden <= 0:
        return "*" * len(value)
    return f"{value[:head]}{'*' * hidden}{value[len(value) - tail :]}"
