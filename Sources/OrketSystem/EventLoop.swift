internal import COrketLinux
internal import Glibc
internal import Synchronization

/// What an `EventLoop` calls, always on its own thread and never for two events at once. Must not block.
package protocol EventHandler: AnyObject, Sendable {
    func descriptorReady(_ token: EventLoop.Token)
    func timerFired(_ token: EventLoop.Token)
}

extension EventHandler {
    package func timerFired(_ token: EventLoop.Token) {}
}

/// The one thread that waits: pidfds, pipes, sockets and timers of all runs. Nothing else in the process blocks on them.
///
/// Registration is possible from every thread and needs no wake-up: epoll(7) and timerfd take changes while the thread
/// waits. A token is never used twice, so an event that was already collected when its token was removed is dropped.
package final class EventLoop: Sendable {
    package typealias Token = UInt64

    private struct State {
        var handlers: [Token: any EventHandler] = [:]
        var timers: [Token: UInt64] = [:]
        var armed: UInt64 = .max
        var lastToken: Token = 1
        var isStopped = false
    }

    private static let timerToken: Token = 0
    private static let stopToken: Token = 1
    private let state = Mutex(State())
    private let epoll: Int32
    private let timer: Int32
    private let stopper: Int32

    package init() throws(SystemError) {
        epoll = try check(orket_epoll_create(), "epoll_create1")
        timer = try check(orket_timerfd(), "timerfd_create")
        stopper = try check(orket_eventfd(), "eventfd")
        try check(orket_epoll_add(epoll, timer, UInt32(EPOLLIN.rawValue), Self.timerToken), "epoll_ctl")
        try check(orket_epoll_add(epoll, stopper, UInt32(EPOLLIN.rawValue), Self.stopToken), "epoll_ctl")
        try startThread()
    }

    private func startThread() throws(SystemError) {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        let result = pthread_create(
            &thread, nil,
            { raw in
                Unmanaged<EventLoop>.fromOpaque(raw!).takeRetainedValue().runForever()
                return nil
            }, context.toOpaque())
        if result != 0 { throw SystemError("pthread_create", "monitor", errno: result) }
        pthread_detach(thread)
    }

    /// Ends the thread; registered handlers get no more events.
    package func stop() {
        state.withLock { $0.isStopped = true }
        var one: UInt64 = 1
        _ = write(stopper, &one, 8)
    }

    /// Watches a descriptor until `remove`; level-triggered. `forWriting` instead of reading.
    package func add(
        _ descriptor: Int32, forWriting: Bool = false, handler: any EventHandler
    ) throws(SystemError) -> Token {
        let token = state.withLock { state in
            state.lastToken += 1
            state.handlers[state.lastToken] = handler
            return state.lastToken
        }
        let events = UInt32(forWriting ? EPOLLOUT.rawValue : EPOLLIN.rawValue)
        let result = orket_epoll_add(epoll, descriptor, events, token)
        if result < 0 {
            _ = state.withLock { $0.handlers.removeValue(forKey: token) }
            throw SystemError("epoll_ctl", errno: -result)
        }
        return token
    }

    /// Must come before the descriptor is closed.
    package func remove(_ token: Token, descriptor: Int32) {
        _ = state.withLock { $0.handlers.removeValue(forKey: token) }
        _ = orket_epoll_remove(epoll, descriptor)
    }

    /// Stops or resumes the events of a descriptor that was added for reading. A hang-up is told all the same.
    package func setWatching(_ token: Token, descriptor: Int32, _ isOn: Bool) {
        _ = orket_epoll_modify(epoll, descriptor, isOn ? UInt32(EPOLLIN.rawValue) : 0, token)
    }

    /// A timer without a time; `setTimer` arms it, `removeTimer` ends it.
    package func addTimer(handler: any EventHandler) -> Token {
        state.withLock { state in
            state.lastToken += 1
            state.handlers[state.lastToken] = handler
            return state.lastToken
        }
    }

    /// Fires once at an absolute `BootClock` time.
    package func setTimer(_ token: Token, at time: UInt64) {
        state.withLock { state in
            state.timers[token] = time
            if time < state.armed {
                state.armed = time
                _ = orket_timerfd_set(timer, time)
            }
        }
    }

    package func removeTimer(_ token: Token) {
        state.withLock { state in
            state.timers.removeValue(forKey: token)
            state.handlers.removeValue(forKey: token)
        }
    }

    private func runForever() {
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        while true {
            let count = epoll_wait(epoll, &events, Int32(events.count), -1)
            for index in 0..<Int(max(0, count)) {
                let token = events[index].data.u64
                switch token {
                case Self.timerToken: fireTimers()
                case Self.stopToken: break
                default: state.withLock { $0.handlers[token] }?.descriptorReady(token)
                }
            }
            if state.withLock({ $0.isStopped }) { return }
        }
    }

    private func fireTimers() {
        var ticks: UInt64 = 0
        _ = read(timer, &ticks, 8)
        let now = BootClock.now
        let due = state.withLock { state in
            let tokens = state.timers.filter { $0.value <= now }.keys
            for token in tokens { state.timers.removeValue(forKey: token) }
            state.armed = state.timers.values.min() ?? .max
            if state.armed != .max { _ = orket_timerfd_set(timer, state.armed) }
            return tokens.compactMap { token in state.handlers[token].map { (token, $0) } }
        }
        for (token, handler) in due { handler.timerFired(token) }
    }

    deinit {
        close(epoll)
        close(timer)
        close(stopper)
    }
}
