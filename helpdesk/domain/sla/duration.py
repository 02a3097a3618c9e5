"""Support time in words."""


def duration_text(seconds: int) -> str:
    """Return ``3h 10m``, ``2m 05s`` or ``-1h 00m``: hours and minutes, seconds where they matter.

    Seconds are left out of whole minutes.  Days are not used: is one 24 hours or a working day?
    """
    sign = "-" if seconds < 0 else ""
    minutes, rest = divmod(abs(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours}h {minutes:02}m"] if hours else [f"{minutes}m"] if minutes else []
    if rest or not parts:
        parts.append(f"{rest:02}s" if parts else f"{rest}s")
    return sign + " ".join(parts)
