import Glibc

/// What signals to `orket run` mean for the program in the sandbox. Pure: events in, actions out.
///
/// The first signal that asks for an end is passed on, and the program gets a moment to end by itself; the second, or the
/// end of that moment, kills the sandbox. The run then counts as interrupted, however the program ended. SIGUSR1 and SIGUSR2
/// are passed on and mean nothing else.
package struct Interruption: Sendable {
    /// Signals that ask for an end.
    package static let endings = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
    /// Signals that are the program's business alone.
    package static let messages = [SIGUSR1, SIGUSR2]
    /// How long the program may take to end by itself, milliseconds.
    package static let graceMs: UInt32 = 1_000

    package enum Action: Sendable, Hashable {
        case nothing
        /// Pass this signal to the program.
        case forward(Int32)
        /// The same, and ask again after `graceMs`.
        case forwardAndWait(Int32)
        /// Kill the sandbox, and ask again after `graceMs`: its last output may find no reader.
        case kill
        /// The program is over and only its output is still being written: stop writing.
        case abandonOutput
        /// Nothing is there that could be taken down in order: end this process by the signal.
        case endProcess(Int32)
    }

    private enum Phase { case starting, running, over }

    private var phase = Phase.starting
    /// The first signal that asked for an end.
    package private(set) var signal: Int32?

    /// Made before anything is started.
    package init() {}

    /// A signal arrived.
    package mutating func received(_ number: Int32) -> Action {
        if Self.messages.contains(number) { return phase == .running ? .forward(number) : .nothing }
        let isFirst = signal == nil
        if isFirst { signal = number }
        switch phase {
        case .starting: return isFirst ? .nothing : .endProcess(number)
        case .running: return isFirst ? .forwardAndWait(number) : .kill
        case .over: return .abandonOutput
        }
    }

    /// A moment after `forwardAndWait` or `kill`.
    package func graceEnded() -> Action { phase == .over ? .abandonOutput : .kill }

    /// The program was started. It is killed when the end was asked for before.
    package mutating func started() -> Action {
        phase = .running
        return signal == nil ? .nothing : .kill
    }

    /// The program and everything that it started are gone.
    package mutating func ended() { phase = .over }
}
