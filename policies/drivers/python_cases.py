"""The mode "cases": a process of its own for each call that comes.

The candidate never meets this process: it is read, compiled and executed in a child, which has neither the channel nor, since
this process is not dumpable, any way into it. After each case everything else in the sandbox is killed, so that no case meets
what another one left.
"""

import ctypes
import gc
import os
import resource
import select
import signal
import sys
import time

from __main__ import CHANNEL, answer, json_bytes, loaded, read_frame, write_all, write_frame

TAIL = 2048
# What candidates often import, none of it with effects of its own.
COMMON = """abc bisect collections contextlib copy dataclasses datetime decimal enum fractions functools hashlib heapq itertools
json math numbers operator random re statistics string struct types typing unicodedata""".split()


def in_child(setup, request, reply, output):
    """The whole life of the process of one case."""
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    os.dup2(reply, CHANNEL)
    os.closerange(CHANNEL + 1, 64)
    seconds = setup["limits"]["cpuSeconds"]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    if "seed" in request:
        import random

        random.seed(request["seed"])
    module, problem = loaded(setup)
    result = problem or answer(module, request)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        pass
    write_all(CHANNEL, json_bytes(result))
    os._exit(0)


class Case:
    """A child, what it answers, and what it prints."""

    def __init__(self, setup, request):
        self.limits = setup["limits"]
        self.reply, self.tail, self.output_bytes, self.stopped = b"", b"", 0, None
        self.started = time.monotonic()
        reply_end, reply = os.pipe()
        output_end, output = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                in_child(setup, request, reply, output)
            finally:
                os._exit(70)
        os.close(reply)
        os.close(output)
        self.ends = {reply_end: self.take_reply, output_end: self.take_output}
        self.pidfd = os.pidfd_open(self.pid)

    def take_reply(self, data):
        self.reply += data
        if len(self.reply) > self.limits["replyBytes"]:
            self.stopped = self.stopped or "reply"

    def take_output(self, data):
        self.output_bytes += len(data)
        self.tail = (self.tail + data)[-TAIL:]
        if self.output_bytes > self.limits["outputBytes"]:
            self.stopped = self.stopped or "output"

    def drain(self, descriptor):
        data = os.read(descriptor, 65536)
        if data:
            self.ends[descriptor](data)
        else:
            os.close(descriptor)
            del self.ends[descriptor]

    def run(self):
        end = self.started + self.limits["wallMs"] / 1000
        while self.stopped is None:
            rest = end - time.monotonic()
            if rest <= 0:
                self.stopped = "wall"
                break
            ready, _, _ = select.select(list(self.ends) + [self.pidfd], [], [], rest)
            for descriptor in ready:
                if descriptor in self.ends:
                    self.drain(descriptor)
            if self.pidfd in ready:
                break
        kill_everything()
        _, status, usage = os.wait4(self.pid, 0)
        # What lies in the pipes was written while the case still ran.
        while self.ends and self.stopped is None:
            ready, _, _ = select.select(list(self.ends), [], [], 0)
            if not ready:
                break
            for descriptor in ready:
                self.drain(descriptor)
        for descriptor in list(self.ends) + [self.pidfd]:
            os.close(descriptor)
        return self.report(status, usage)

    def report(self, status, usage):
        return {
            "exit": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
            "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
            "stopped": self.stopped,
            "cpuMs": (usage.ru_utime + usage.ru_stime) * 1000,
            "wallMs": (time.monotonic() - self.started) * 1000,
            "maxRSSKiB": usage.ru_maxrss,
            "outputBytes": self.output_bytes,
            "output": self.tail.decode("utf-8", "replace"),
            "reply": self.reply[: self.limits["replyBytes"]].hex(),
        }


def kill_everything():
    """All processes of the sandbox but this one and its pid 1, who reaps what is not ours."""
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        pass


def preload(setup):
    """Imports for the children what the candidate's text speaks of: they find it in memory."""
    try:
        with open(setup["file"], "rb") as file:
            text = file.read()
    except OSError:
        return
    for name in COMMON:
        if name.encode() in text:
            __import__(name)


def run(setup):
    # Nobody of this uid may read or trace this process, nor open what it has open: prctl(PR_SET_DUMPABLE, 0).
    if ctypes.CDLL(None).prctl(4, 0, 0, 0, 0) != 0:
        os._exit(71)
    gc.collect()
    gc.freeze()
    write_frame({"ready": True})
    while True:
        request = read_frame()
        if "seed" in request:
            __import__("random")
        write_frame(Case(setup, request).run())
