import Glibc
import OrketSystem
import Testing

@testable import OrketSandbox

/// A jail that is spoken to directly, as a broken or hostile supervisor would.
@Suite("A jail ends at the first record that is not on the page")
struct JailProtocolTests {
    private static let bad: [(name: String, bytes: [UInt8], descriptors: Int)] = [
        ("one byte", [0], 0),
        ("half a header", Array(Wire.encode(.shape).prefix(8)), 2),
        ("another magic", [0] + Wire.encode(.shape).dropFirst(), 2),
        ("another version", Wire.encode(.shape).enumerated().map { $0 == 4 ? 9 : $1 }, 2),
        ("a length that lies", Wire.encode(.shape).enumerated().map { $0 == 8 ? 1 : $1 }, 2),
        ("a body too many", Wire.encode(.shape, body: [1]), 2),
        ("an unknown type", Wire.encode(.shape).enumerated().map { $0 == 6 ? 99 : $1 }, 0),
        ("a descriptor too few", Wire.encode(.shape), 1),
        ("descriptors too many", Wire.encode(.shape), 8),
        ("a record too large", Wire.encode(.start, body: [UInt8](repeating: 0, count: 8_000)), 3),
    ]

    /// Starts a jail and hears its greeting.
    private func start() async throws -> (pid: Int32, socket: RecordSocket) {
        let (ours, theirs) = try RecordSocket.pair()
        let pid = try Process.spawn(
            Checkout.jail, arguments: [], environment: [], stderr: 2, socket: theirs.descriptor.raw)
        theirs.descriptor.close()
        let hello = await eventually { if case .record = try? ours.receive() { true } else { false } }
        #expect(hello)
        return (pid, ours)
    }

    @Test("it exits with 1", arguments: bad.indices)
    func refuses(_ index: Int) async throws {
        let record = Self.bad[index]
        let (pid, socket) = try await start()
        let descriptors = [Int32](repeating: socket.descriptor.raw, count: record.descriptors)
        try socket.send(record.bytes, descriptors: descriptors)
        #expect(await Blocking.run { Process.reap(pid, wait: true) } == 1 << 8, "\(record.name)")
    }

    @Test("a supervisor that hangs up ends it with 0")
    func endsWithItsSupervisor() async throws {
        let (pid, socket) = try await start()
        socket.descriptor.close()
        #expect(await Blocking.run { Process.reap(pid, wait: true) } == 0)
    }

    @Test("started by hand it says what it is, and does nothing")
    func startedByHand() async throws {
        let end = try await HostProgram.run([Checkout.jail])
        #expect(end.status == 2 << 8)
        #expect(end.text.contains("started by hand"))
        let version = try await HostProgram.run([Checkout.jail, "--version"])
        #expect(version.text.hasPrefix("orket-jail wire \(Wire.version) shape"))
    }
}
