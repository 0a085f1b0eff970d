"""Examination of a file from outside in its own process, with limits on time and memory.

A hostile PDF can make any parser loop or swell. It then costs two seconds of a child's time and
the child's life; the worker goes on.
"""

import multiprocessing
import os
import resource
import signal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from files.apart import YIELDING
from reviews.signatures.verification.examining import examine, refuse_unreadable
from reviews.signatures.verification.findings import Examination, Unreadable
from reviews.signatures.verification.trust import Trust

# Six signatures and an archive time-stamp take 0.3 to 0.8 seconds.
CPU_SECONDS: Final = 1.8
# On a machine that is busy with other things those seconds last longer.
WALL_SECONDS: Final = 30.0
MEMORY_BYTES: Final = 512 * 1024 * 1024
PAGE_BYTES: Final = resource.getpagesize()
TOO_COSTLY: Final = "核验这份文件超出了时间或内存限制，已中止；正常的审核表不会这样。"
BUSY: Final = "系统正忙，这次没有核验完。请过几分钟再试。"

# A fork has pyHanko loaded already; a fresh interpreter would spend a second on loading it.
_processes = multiprocessing.get_context("fork")


def examine_confined(pdf: bytes, trust: Trust) -> Examination:
    """Examination within limits; a file that exceeds them counts as not valid.

    Raises Unreadable as `examine` does, and where the machine is too busy to tell.
    """
    refuse_unreadable(pdf)
    try:
        receiver, sender = _processes.Pipe(duplex=False)
        process = _processes.Process(target=_work, args=(sender, pdf, trust), daemon=True)
        process.start()
    except OSError as error:
        # No memory, no room for another process or file.
        raise Unreadable(BUSY) from error
    sender.close()
    try:
        # Killed at the limit of its own time it closes the pipe; silence means that it had none.
        if not receiver.poll(WALL_SECONDS):
            raise Unreadable(BUSY)
        answer = receiver.recv()
    except EOFError:
        process.join(1)
        if process.exitcode == -signal.SIGKILL:
            # Not by us: the machine had no memory left.
            raise Unreadable(BUSY) from None
        answer = None
    finally:
        process.kill()
        process.join()
        receiver.close()
    if isinstance(answer, Unreadable):
        raise answer
    return answer if isinstance(answer, Examination) else Examination(False, TOO_COSTLY)


def _work(sender: Connection, pdf: bytes, trust: Trust) -> None:
    _limit()
    answer: Examination | Unreadable
    try:
        answer = examine(pdf, trust)
    except Unreadable as error:
        answer = error
    sender.send(answer)


def _limit() -> None:
    os.nice(YIELDING)
    # The default action of SIGPROF ends the process, even within C code.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    allowed = pages * PAGE_BYTES + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
