internal import COrketLinux
internal import Glibc
internal import Synchronization

/// Signals of this process, handed one after the other to a function on a thread of its own.
package enum SignalWatch {
    /// What the function is called for.
    package enum Event: Sendable, Hashable {
        case signal(Int32)
        /// The time that the last call asked for is over.
        case alarm
    }

    private static let isStarted = Atomic(false)

    /// Catches `signals` for the rest of the process's life; may be called once. `handle` returns after how many
    /// milliseconds it wants an alarm, unless a signal comes first; nil for none.
    ///
    /// Signals that were ignored when the process started stay ignored: whoever started it (nohup, a shell in the
    /// background) wanted that.
    package static func start(
        _ signals: [Int32], handle: @escaping @Sendable (Event) -> UInt32?
    ) throws(SystemError) {
        let wasStarted = isStarted.exchange(true, ordering: .acquiringAndReleasing)
        precondition(!wasStarted, "SignalWatch was started a second time")
        let reading = Descriptor(owning: try check(orket_signals_open(), "pipe2", "signals"))
        guard DetachedThread.start({ listen(reading, handle) }) else {
            throw SystemError("pthread_create", "signals", errno: EAGAIN)
        }
        for number in signals { try check(orket_signal_catch(number), "sigaction", Process.signalName(number)) }
    }

    private static func listen(_ reading: Descriptor, _ handle: @Sendable (Event) -> UInt32?) {
        var alarm: Int32 = -1
        while true {
            var pipe = pollfd(fd: reading.raw, events: Int16(POLLIN), revents: 0)
            let count = poll(&pipe, 1, alarm)
            if count < 0 { continue }
            let event: Event
            if count == 0 {
                event = .alarm
            } else {
                guard let byte = try? reading.read(atMost: 1)?.first else { continue }
                event = .signal(Int32(byte))
            }
            alarm = handle(event).map { Int32(clamping: $0) } ?? -1
        }
    }
}

extension Process {
    /// Sends a signal as a terminal or a parent would: SIGINT, SIGQUIT and SIGHUP to the process group that the process
    /// leads, others to the process alone.
    package static func forward(_ signal: Int32, to pidfd: Descriptor) {
        if [SIGINT, SIGQUIT, SIGHUP].contains(signal) {
            _ = orket_signal_group(pidfd.raw, signal)
        } else {
            self.signal(pidfd, signal)
        }
    }

    /// Ends this process by a signal as if nothing had caught it.
    package static func end(bySignal number: Int32) {
        _ = orket_signal_release(number)
        _ = kill(getpid(), number)
    }

    /// A write to a pipe that nobody reads fails with EPIPE from here on, instead of ending this process.
    package static func ignoreBrokenPipes() { _ = orket_signal_ignore(SIGPIPE) }

    /// Set up what a program that passes streams through needs: a write to a pipe that nobody reads then fails with EPIPE
    /// instead of ending this process, and so does reading a terminal from the background instead of stopping it.
    package static func ignoreStreamSignals() {
        ignoreBrokenPipes()
        _ = orket_signal_ignore(SIGTTIN)
    }
}
