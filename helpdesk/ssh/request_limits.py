"""The limits of memory, processor time and file size of a request over SSH."""

import errno
import resource
import signal
from dataclasses import dataclass
from pathlib import Path

from helpdesk.domain.errors import RefusedError

_MIB = 1024 * 1024
_GIB = 1024 * _MIB
#: With less memory the program does not start, or the search ends in the middle.
LEAST_MEMORY = 256 * _MIB
#: After this many more seconds of processor time the kernel kills a process that does not end.
_GRACE_S = 10
#: The default limit of a file's size, and how many times as large as the database it is at least.
_FILE_SIZE = 4 * _GIB
_TIMES_DATABASE = 4
_SETTING = "the administrator of the host can raise {} in door.toml"
#: What libraries say if the kernel gives them no memory.
_NO_MEMORY = ("can't start new thread", "cannot allocate memory", "failed to map segment")


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """What a request over SSH may use of the host; None means no limit.

    :ivar memory: the maximum number of bytes of memory, without files that are only read.
    :ivar processor_s: the maximum seconds of processor time of a command; the app has no limit.
    :ivar file_size: the maximum number of bytes of a file that is written, the database included.
    :ivar fixed_file_size: whether ``file_size`` is set in ``door.toml``; the default grows with
        the database.
    """

    memory: int | None = 4 * _GIB
    processor_s: int | None = 3600
    file_size: int | None = _FILE_SIZE
    fixed_file_size: bool = False

    def limit_memory_and_files(self, database: Path | None) -> None:
        """Limit the memory and the files of this process for the rest of its life.

        :param database: the file of the database; None: it is on a server.
        """
        # RLIMIT_AS would count files that are mapped to be read, such as a language model.
        _limit(resource.RLIMIT_DATA, self.memory)
        size = self.file_size
        if size is not None and not self.fixed_file_size and database is not None:
            size = max(size, _TIMES_DATABASE * _size_of(database))
        _limit(resource.RLIMIT_FSIZE, size)

    def limit_processor_time(self) -> None:
        """Limit the processor time of this process: the kernel sends SIGXCPU at the limit."""
        _limit(resource.RLIMIT_CPU, self.processor_s, _GRACE_S)

    def processor_time_sentence(self) -> str:
        """Return the sentence for a command that has used up its processor time."""
        return (
            f"the request has used {self.processor_s} seconds of processor time and was ended; "
            f"what was saved until then stays: ask for less at once, or "
            f"{_SETTING.format('processor_limit')}."
        )

    def exceeded(self, error: BaseException) -> RefusedError | None:
        """Return the refusal for an error that the limits caused, or None for any other."""
        seen: set[int] = set()
        cause: BaseException | None = error
        while cause is not None and id(cause) not in seen:
            seen.add(id(cause))
            if isinstance(cause, OSError) and cause.errno == errno.EFBIG:
                return RefusedError(self._file_sentence())
            if _is_out_of_memory(cause):
                return RefusedError(self._memory_sentence())
            cause = cause.__cause__ or cause.__context__
        return None

    def _memory_sentence(self) -> str:
        most = "the host has" if self.memory is None else f"{self.memory // _MIB:,} MiB"
        return (
            f"the request needs more memory than {most}, nothing more was done: ask for less at "
            f"once, or {_SETTING.format('memory_limit')}."
        )

    def _file_sentence(self) -> str:
        return (
            "a file would become larger than a request over SSH may write: ask for less at once, "
            f"or {_SETTING.format('file_limit')}."
        )


def _is_out_of_memory(error: BaseException) -> bool:
    if isinstance(error, MemoryError):
        return True
    if isinstance(error, OSError) and error.errno == errno.ENOMEM:
        return True
    return isinstance(error, ImportError | RuntimeError) and any(
        words in str(error).lower() for words in _NO_MEMORY
    )


def _limit(kind: int, value: int | None, grace: int = 0) -> None:
    """Set a limit of this process, but never above the one that it has already.

    :param grace: how much higher the hard limit is, at which the kernel does not only warn.
    """
    if value is None:
        return
    _, highest = resource.getrlimit(kind)
    hard = value + grace
    if highest != resource.RLIM_INFINITY:
        hard = min(hard, highest)
    resource.setrlimit(kind, (min(value, hard), hard))


def _size_of(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


#: The signal that the kernel sends at the limit of processor time.
PROCESSOR_SIGNAL = signal.SIGXCPU
