"""What this command has done so far, for the message that its answer was lost."""

#: At most this many changes are named.
_MAX_NAMED = 5


class Changes:
    """The changes that this command has made.

    :ivar command: the command as it is typed, without its arguments.
    """

    def __init__(self) -> None:
        self.command = ""
        self._made: list[str] = []

    def clear(self) -> None:
        """Forget everything, at the start of a command."""
        self._made.clear()

    def add(self, what: str) -> None:
        """Note something that was stored or written.

        :param what: what was done, in a few words; "" if the command says it well enough.
        """
        if what not in self._made:
            self._made.append(what)

    def summary(self) -> str:
        """Return that the command was carried out, or "" if it has changed nothing."""
        if not self._made:
            return ""
        named = [what for what in self._made if what]
        more = f", and {len(named) - _MAX_NAMED} more" if len(named) > _MAX_NAMED else ""
        what = f" ({', '.join(named[:_MAX_NAMED])}{more})" if named else ""
        return f"{self.command!r} was carried out{what}"


#: Those of the command that this process runs.
changes = Changes()
