"""Kills a process at a chosen one of its system calls, from outside: the program that is tried has no hook for it.

What a process does that others can see, it does by system calls; between two of them it may stop wherever it likes, and nobody
can tell where. So a kill at each entry into and each return from a system call meets every moment of it that matters, each
await point of its tasks among them. Linux on x86_64 and aarch64, by ptrace(2); needs a tracee of the same user.
"""
import ctypes, os, signal

SEIZE, INTERRUPT, SYSCALL = 0x4206, 0x4207, 24
TRACE_SYSGOOD, TRACE_CLONE = 0x1, 0x8
WALL = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


def ptrace(request, thread, data=0):
    """Whether it was carried out; a thread that has gone meanwhile is no fault."""
    return libc.ptrace(request, thread, None, data) == 0


def threads_of(pid):
    return {int(name) for name in os.listdir(f"/proc/{pid}/task")}


def kill_at(pid, number, act):
    """Traces a child, calls `act` once all its threads are held, and kills it at the `number`-th stop after that.

    A stop is the entry into a system call, which then does not happen, or the return from one. `act` has to return at once: what
    it begins may kill the process itself. Gives how many stops there were, when the process has gone. Called by one thread alone,
    in a process that waits for no other child meanwhile.
    """
    held = set()
    while fresh := threads_of(pid) - held:
        for thread in fresh:
            if not ptrace(SEIZE, thread, TRACE_SYSGOOD | TRACE_CLONE) and os.path.exists(f"/proc/{pid}/task/{thread}"):
                raise OSError(ctypes.get_errno(), f"cannot trace {thread}: {os.strerror(ctypes.get_errno())}")
            ptrace(INTERRUPT, thread)
            held.add(thread)
    unseen, stops, killed = set(held), 0, False
    while True:
        thread, status = os.waitpid(-1, WALL)
        if not os.WIFSTOPPED(status):
            if thread == pid:
                return stops
            unseen.discard(thread)
            continue
        if unseen:
            unseen.discard(thread)
            if not unseen:
                act()
        passed_on, event = os.WSTOPSIG(status), status >> 16
        if passed_on == signal.SIGTRAP | 0x80:
            passed_on = 0
            stops += not unseen
            if stops == number and not unseen and not killed:
                killed = True
                os.kill(pid, signal.SIGKILL)
                continue
        elif event:
            passed_on = 0
        ptrace(SYSCALL, thread, passed_on)
