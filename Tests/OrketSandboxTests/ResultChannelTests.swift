import Glibc
import OrketCore
import OrketSandbox
import Testing

@Suite("Result channel")
struct ResultChannelTests {
    private static func frame(_ body: [UInt8], announcing size: Int? = nil) -> [UInt8] {
        withUnsafeBytes(of: UInt32(size ?? body.count).littleEndian) { Array($0) } + body
    }

    /// A channel whose other end this test plays, by a duplicate of its own.
    private static func withChannel(
        _ body: (ResultChannel, _ remote: Int32) async throws -> Void
    ) async throws {
        let supervisor = try await Supervisor()
        let channel = try supervisor.openChannel()
        let remote = dup(channel.remoteDescriptor)
        channel.closeRemote()
        do { try await body(channel, remote) } catch {
            close(remote)
            channel.close()
            await supervisor.shutdown()
            throw error
        }
        close(remote)
        channel.close()
        await supervisor.shutdown()
    }

    private static func put(_ bytes: [UInt8], _ remote: Int32) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { write(remote, $0.baseAddress! + done, bytes.count - done) }
            if count <= 0 {
                Issue.record("write failed with \(errno)")
                return
            }
            done += count
        }
    }

    private static func message(_ received: ResultChannel.Received) -> [UInt8]? {
        if case .message(let bytes) = received { bytes } else { nil }
    }

    @Test("messages come whole and in order, however they were cut")
    func framing() async throws {
        try await Self.withChannel { channel, remote in
            let both = Self.frame([1, 2, 3]) + Self.frame([]) + Self.frame([4])
            Self.put(Array(both[..<5]), remote)
            async let first = channel.receive(within: 10_000)
            Self.put(Array(both[5...]), remote)
            #expect(Self.message(await first) == [1, 2, 3])
            #expect(Self.message(await channel.receive(within: 10_000)) == [])
            #expect(Self.message(await channel.receive(within: 10_000)) == [4])
        }
    }

    @Test("a message that is too large is refused by its announcement, and none is waited for beyond its time")
    func bounds() async throws {
        try await Self.withChannel { channel, remote in
            #expect(await channel.receive(within: 20).word == "timedOut")
            Self.put(Self.frame([], announcing: ResultChannel.maximumMessage + 1), remote)
            #expect(await channel.receive(within: 10_000).word == "oversized")
        }
    }

    @Test("a cut message and a closed end are the end, also for whoever waits already")
    func ends() async throws {
        try await Self.withChannel { channel, remote in
            Self.put(Array(Self.frame([1, 2, 3]).dropLast()), remote)
            async let waiting = channel.receive(within: 10_000)
            shutdown(remote, Int32(SHUT_RDWR))
            #expect(await waiting.word == "closed")
            #expect(await channel.send([1], within: 1_000) == false)
        }
    }

    @Test("a peer that never reads takes nothing but its time")
    func unread() async throws {
        try await Self.withChannel { channel, _ in
            let large = [UInt8](repeating: 7, count: ResultChannel.maximumMessage)
            #expect(await channel.send(large, within: 50) == false)
            #expect(await channel.send(large + [1], within: 50) == false)
        }
    }

    @Test("whoever waits is woken when its task is cancelled")
    func cancelled() async throws {
        try await Self.withChannel { channel, _ in
            let task = Task { await channel.receive(within: 600_000) }
            task.cancel()
            #expect(await task.value.word == "timedOut")
        }
    }
}

extension ResultChannel.Received {
    fileprivate var word: String {
        switch self {
        case .message: "message"
        case .closed: "closed"
        case .oversized: "oversized"
        case .timedOut: "timedOut"
        }
    }
}
