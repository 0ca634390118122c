import OrketCore
import OrketSystem

@testable import OrketSandbox

/// The seeds of .ci/fuzz: what the encoders write, behind the two bytes by which Tests/Fuzz/decoder.c chooses.
enum FuzzCorpus {
    static let directory = Checkout.root + "/Tests/Fuzz/corpus"

    private enum Decoder: UInt8 { case record, shape, start, receive }

    static func seeds() throws -> [String: [UInt8]] {
        let command = try command(), prepare = prepare
        return [
            "shape-full": seed(.shape, try plan(mask: Protection.allMask).shapeBytes(filter: filter)),
            "shape-bare": seed(.shape, try plan(mask: 0).shapeBytes(filter: [])),
            "start": seed(.start, command),
            "record-hello": seed(.record, Wire.encode(.hello, body: [UInt8](repeating: 0, count: 16))),
            "record-prepare": seed(.record, prepare, descriptors: 3),
            "record-start": seed(.record, Wire.encode(.start, body: command), descriptors: 3),
            "record-failed": seed(.record, Wire.encode(.failed, body: [UInt8](repeating: 65, count: 248))),
            "receive-shape": seed(.receive, Wire.encode(.shape), descriptors: 2),
            "receive-prepare": seed(.receive, prepare, descriptors: 6),
            "receive-count": seed(.receive, Wire.encode(.count)),
        ]
    }

    private static func seed(_ decoder: Decoder, _ bytes: [UInt8], descriptors: UInt8 = 0) -> [UInt8] {
        [decoder.rawValue, descriptors] + bytes
    }

    /// The plan of a small policy on a host that has everything.
    static func plan(mask: UInt32) throws -> Plan {
        var policy = Policy(name: "seed", why: "start of the fuzzer")
        policy.mounts = [
            .init(source: "/usr", target: "/usr", why: "programs"),
            .init(source: "/data", target: "/data", writable: true, executable: false, why: "a writable one"),
        ]
        policy.symlinks = [.init(path: "/bin", target: "usr/bin")]
        policy.files = [.init(path: "/etc/passwd", text: "candidate:x:1000:1000::/box:/bin/sh\n")]
        let host = HostFacts(landlockABI: 7, cgroupVersion: .v2, isRootless: false, pathExists: { _ in true })
        var plan = try PlanCompiler.compile(policy, host: host)
        plan.protections = mask
        if mask == 0 { plan.landlock = nil }
        return plan
    }

    /// Two instructions that allow everything; what libseccomp makes differs between its versions.
    private static let filter: [UInt8] = [0x20, 0, 0, 0, 4, 0, 0, 0, 0x06, 0, 0, 0, 0, 0, 0xff, 0x7f]

    private static func command() throws -> [UInt8] {
        let request = RunRequest(argv: ["/bin/sh", "-c", "echo $TOKEN"])
        return try CommandLine.encode(request, environment: ["TOKEN": "1"])
    }

    private static var prepare: [UInt8] {
        var writer = ByteWriter()
        for value in [1_862_270_976, 1_862_270_976, 1, 0] as [UInt32] { writer.u32(value) }
        return Wire.encode(.prepare, id: 1, body: writer.bytes)
    }
}
