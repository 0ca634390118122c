"""Starts a candidate's service and sends it requests on behalf of a supervisor outside the sandbox.

Descriptor 3 is a stream of frames: four bytes of length, little-endian, then one JSON document in UTF-8. The first frame is the
setup, {"argv", "port", "readyPath", "startMs", "bodyBytes"}; then {"start"}, then one request a frame, each answered by one frame.

The service is a child of this process, with the same uid and in the same namespaces, but without descriptor 3. This process is not
dumpable, so the child cannot trace it, read its memory, or open what it has open. What it can do is what it can do anyway: answer.
What is expected never comes here, redirects are not followed, and everything that a service sends is bounded.
"""

import ctypes
import json
import os
import re
import signal
import socket
import struct
import time

CHANNEL = 3
MAXIMUM_FRAME = 8 << 20
MAXIMUM_HEAD = 64 << 10
MAXIMUM_HEADERS = 100
STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5][0-9][0-9])(?: [^\x00-\x1f\x7f]*)?\Z")
HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*?)[ \t]*\Z")


def read_exactly(size):
    parts = []
    while size:
        part = os.read(CHANNEL, min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def read_frame():
    (size,) = struct.unpack("<I", read_exactly(4))
    if size > MAXIMUM_FRAME:
        raise EOFError
    return json.loads(read_exactly(size))


def write_frame(value):
    data = json.dumps(value).encode()
    view = memoryview(struct.pack("<I", len(data)) + data)
    while view:
        view = view[os.write(CHANNEL, view) :]


class Trouble(Exception):
    """No complete response: `kind` is refused, closed, slow, oversized or malformed."""

    def __init__(self, kind, text):
        super().__init__(text)
        self.kind = kind


class Exchange:
    """One connection with one request and one response."""

    def __init__(self, port, end, body_bytes):
        self.end = end
        self.body_bytes = body_bytes
        self.buffer = b""
        try:
            self.socket = socket.create_connection(("127.0.0.1", port), timeout=self.rest())
        except socket.timeout:
            raise Trouble("slow", "no connection in time") from None
        except OSError as error:
            raise Trouble("refused", error.strerror or "no connection") from None

    def rest(self):
        rest = self.end - time.monotonic()
        if rest <= 0:
            raise Trouble("slow", "no complete response in time")
        return rest

    def send(self, data):
        view = memoryview(data)
        try:
            while view:
                self.socket.settimeout(self.rest())
                view = view[self.socket.send(view) :]
        except socket.timeout:
            raise Trouble("slow", "the request is not read") from None
        except OSError:
            # Perhaps it has answered without reading all.
            pass

    def more(self):
        """False at the end of what the service sends."""
        self.socket.settimeout(self.rest())
        try:
            part = self.socket.recv(65536)
        except socket.timeout:
            raise Trouble("slow", "no complete response in time") from None
        except OSError as error:
            raise Trouble("closed", error.strerror or "the connection broke") from None
        self.buffer += part
        return bool(part)

    def need(self, what):
        if not self.more():
            raise Trouble("closed", "the connection ended " + what)

    def line(self, maximum, what):
        while b"\r\n" not in self.buffer:
            if len(self.buffer) > maximum:
                raise Trouble("malformed", what + " is too long")
            self.need("within " + what)
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        if len(line) > maximum:
            raise Trouble("malformed", what + " is too long")
        return line

    def head(self):
        match = STATUS_LINE.match(self.line(MAXIMUM_HEAD, "the status line"))
        if not match:
            raise Trouble("malformed", "no status line of HTTP/1")
        headers, size = [], 0
        while True:
            line = self.line(MAXIMUM_HEAD, "a header")
            if not line:
                return int(match[1]), headers
            size += len(line)
            found = HEADER.match(line)
            if not found:
                raise Trouble("malformed", "a line of the head is no header")
            if len(headers) == MAXIMUM_HEADERS or size > MAXIMUM_HEAD:
                raise Trouble("malformed", "the head is too large")
            headers.append((found[1].decode("ascii"), found[2].decode("latin-1")))

    def take(self, size):
        while len(self.buffer) < size:
            self.need("within the body")
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def bound(self, size):
        if size > self.body_bytes:
            raise Trouble("oversized", "a body of more than %d bytes" % self.body_bytes)

    def chunked(self):
        body = bytearray()
        while True:
            line = self.line(1024, "the size of a chunk").split(b";", 1)[0].strip()
            if not re.fullmatch(rb"[0-9A-Fa-f]{1,16}", line):
                raise Trouble("malformed", "the size of a chunk is no number")
            size = int(line, 16)
            self.bound(len(body) + size)
            if size == 0:
                break
            body += self.take(size)
            if self.take(2) != b"\r\n":
                raise Trouble("malformed", "a chunk does not end where it says")
        for _ in range(MAXIMUM_HEADERS):
            if not self.line(MAXIMUM_HEAD, "a trailer"):
                return bytes(body)
        raise Trouble("malformed", "too many trailers")

    def body(self, method, status, headers):
        if method == "HEAD" or status in (204, 304):
            return b""
        lengths = {value for name, value in headers if name.lower() == "content-length"}
        codings = [value.lower() for name, value in headers if name.lower() == "transfer-encoding"]
        if codings:
            if codings != ["chunked"] or lengths:
                raise Trouble("malformed", "the length of the body is ambiguous")
            return self.chunked()
        if lengths:
            (length, *others) = lengths
            if others or not re.fullmatch("[0-9]{1,18}", length):
                raise Trouble("malformed", "the length of the body is ambiguous")
            self.bound(int(length))
            return self.take(int(length))
        while self.more():
            self.bound(len(self.buffer))
        return self.buffer

    def response(self, method):
        for _ in range(5):
            status, headers = self.head()
            if status >= 200:
                return status, headers, self.body(method, status, headers)
        raise Trouble("malformed", "nothing but interim responses")

    def close(self):
        self.socket.close()


class Service:
    """The child, and what became of it."""

    def __init__(self, setup):
        self.setup = setup
        self.ended = None
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
                os.execvp(setup["argv"][0], setup["argv"])
            except OSError as error:
                os.write(2, ("%s: %s\n" % (setup["argv"][0], error.strerror)).encode())
            finally:
                os._exit(127)

    def end(self):
        """How the child ended; None while it runs."""
        if self.ended is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.ended = {
                    "exit": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
                    "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
                }
        return self.ended

    def ask(self, request, end):
        body = bytes.fromhex(request["body"])
        names = {name.lower() for name, _ in request["headers"]}
        lines = ["%s %s HTTP/1.1" % (request["method"], request["path"])]
        if "host" not in names:
            lines.append("Host: 127.0.0.1:%d" % self.setup["port"])
        lines += ["%s: %s" % (name, value) for name, value in request["headers"]]
        if body or request["method"] in ("POST", "PUT", "PATCH"):
            lines.append("Content-Length: %d" % len(body))
        lines.append("Connection: close")
        exchange = Exchange(self.setup["port"], end, self.setup["bodyBytes"])
        try:
            exchange.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
            return exchange.response(request["method"])
        finally:
            exchange.close()

    def answer(self, request):
        try:
            status, headers, body = self.ask(request, time.monotonic() + request["wallMs"] / 1000)
        except Trouble as trouble:
            # The end of a process may be seen a little later than that of its connections.
            for _ in range(20):
                if trouble.kind in ("slow", "oversized", "malformed") or self.end():
                    break
                time.sleep(0.01)
            return {"trouble": trouble.kind, "text": str(trouble), "ended": self.end()}
        return {"status": status, "headers": headers, "body": body.hex()}

    def start(self):
        """Waits until the service answers; what kept it from that, else."""
        end = time.monotonic() + self.setup["startMs"] / 1000
        last = "nothing listens"
        request = {"method": "GET", "path": self.setup["readyPath"], "headers": [], "body": ""}
        while time.monotonic() < end:
            if self.end():
                return {"notReady": "ended", "text": "", "ended": self.end()}
            try:
                status, _, _ = self.ask(request, end)
                if 200 <= status < 400:
                    return {"ready": True}
                last = "status %d" % status
            except Trouble as trouble:
                last = str(trouble)
            time.sleep(0.02)
        return {"notReady": "slow", "text": last, "ended": self.end()}


def main():
    # Nobody of this uid may read or trace this process, nor open what it has open: prctl(PR_SET_DUMPABLE, 0).
    if ctypes.CDLL(None).prctl(4, 0, 0, 0, 0) != 0:
        os._exit(71)
    os.set_inheritable(CHANNEL, False)
    setup = read_frame()
    write_frame({"probe": True})
    try:
        read_frame()
        service = Service(setup)
        write_frame(service.start())
        while True:
            write_frame(service.answer(read_frame()))
    except EOFError:
        pass
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        pass


main()
