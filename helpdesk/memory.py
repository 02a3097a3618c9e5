"""The memory that this process may still take.

It is asked for before a library is loaded that needs much: NumPy's matrix library ends the whole
process when memory is refused to it, so that nothing can be caught afterwards.
"""

import errno
import mmap
import resource
import threading

#: With less than this free, an unexpected error comes from the want of memory.
_LITTLE = 16 << 20
#: The address space for the stack of a thread where address space is limited; usual are 8 MiB.
_SMALL_STACK = 1 << 20
_M_ARENA_MAX = -8  # of mallopt(3)


def is_free(size: int) -> bool:
    """Return whether this process could take ``size`` more bytes.

    The memory is asked for and given back untouched.  That costs microseconds, and respects every
    limit of the process (``ulimit -v``, ``ulimit -d``) and the host's rule about overcommitting.
    """
    try:
        mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()
    except (OSError, MemoryError):
        return False
    return True


def save_address_space() -> None:
    """Reserve less address space for each thread, if the address space of the process is limited.

    The C library reserves 64 MiB for what each new thread allocates and 8 MiB for its stack, which
    costs nothing until it is used, but counts.
    """
    if resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY:
        return
    import ctypes  # needed in this case only

    threading.stack_size(_SMALL_STACK)
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries have none
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)


def ran_out(error: BaseException) -> bool:
    """Return whether an unexpected error says, or comes from, that memory or threads were refused.

    Libraries report it in many ways: a module that is found, but cannot be mapped into memory, is
    an ImportError, and a thread without room for its stack a RuntimeError.
    """
    return (
        isinstance(error, MemoryError)
        or (isinstance(error, OSError) and error.errno == errno.ENOMEM)
        or "start new thread" in str(error)
        or not is_free(_LITTLE)
    )
