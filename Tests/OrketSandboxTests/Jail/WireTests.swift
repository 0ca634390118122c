import OrketCore
import OrketSystem
import OrketTestSupport
import Testing

@testable import OrketSandbox

@Suite("Supervisor and jail speak one protocol")
struct WireTests {
    private static let kinds = (0...UInt16(64)).compactMap(Wire.Kind.init(rawValue:))
    private static let arriving: [(kind: Wire.Kind, bytes: Int, descriptors: Int)] = [
        (.hello, 16, 0), (.shaped, 0, 0), (.handles, 0, 2), (.ready, 0, 0), (.exited, 40, 0), (.failed, 248, 0),
        (.counted, 24, 0),
    ]

    @Test("the numbers of wire.h are the numbers of Wire.swift")
    func wireNumbers() throws {
        let header = try HeaderFile("wire.h")
        #expect(header.define("WIRE_MAGIC") == UInt64(Wire.magic))
        #expect(header.define("WIRE_VERSION") == UInt64(Wire.version))
        #expect(header.define("WIRE_MAX_RECORD") == UInt64(Wire.maximumRecordBytes))
        #expect(header.size(of: "wire_header") == Wire.headerBytes)
        let theirs = header.enumeration("wire_type").map { ($0.name.dropFirst("WIRE_".count).lowercased(), $0.value) }
        #expect(theirs.count == Self.kinds.count)
        for (name, value) in theirs {
            #expect("\(Wire.Kind(rawValue: UInt16(value))!)".lowercased() == name)
        }
    }

    @Test("bodies have the size that wire.h fixes")
    func bodySizes() throws {
        let header = try HeaderFile("wire.h")
        let structures: [(Wire.Kind, String)] = [
            (.hello, "wire_hello"), (.exited, "wire_exit"), (.counted, "wire_count"), (.failed, "wire_failure"),
        ]
        for (kind, structure) in structures {
            #expect(header.size(of: structure) == Self.arriving.first { $0.kind == kind }?.bytes, "\(structure)")
        }
    }

    @Test("the order of protections is the order of shape.h")
    func protectionOrder() throws {
        let words = [
            "ns": "namespace", "net": "network", "privs": "privileges", "fds": "descriptors", "env": "environment",
        ]
        let names = try HeaderFile("shape.h").enumeration("protection").dropLast().map { member in
            member.name.dropFirst("PROTECT_".count).lowercased().split(separator: "_")
                .map { words[String($0)] ?? String($0) }.joined(separator: "_")
        }
        #expect(names == Protection.allCases.map(\.rawValue))
    }

    @Test("shapes carry the numbers of shape.h")
    func shapeNumbers() throws {
        let header = try HeaderFile("shape.h")
        let kinds = header.enumeration("mount_kind").map { ($0.name.dropFirst("MOUNT_".count).lowercased(), $0.value) }
        #expect(kinds.count == 5)
        for (name, value) in kinds { #expect("\(Plan.MountStep.Kind(rawValue: UInt32(value))!)" == name) }
        #expect(header.define("MOUNT_WRITABLE") == UInt64(Plan.MountStep.writable))
        #expect(header.define("MOUNT_NOEXEC") == UInt64(Plan.MountStep.noexec))
        #expect(header.define("MOUNT_LOOSE") == UInt64(Plan.MountStep.loose))
        let plan = try FuzzCorpus.plan(mask: Protection.allMask)
        #expect(header.define("SHAPE_ABI") == UInt64(plan.shapeBytes(filter: [])[0]))
    }

    @Test("a record is taken as its sender meant it, and nothing that differs from the page in one point is")
    func refusesEveryDeviation() {
        for (kind, size, descriptors) in Self.arriving {
            let bytes = Wire.encode(kind, id: 7, body: [UInt8](repeating: 1, count: size))
            #expect(Wire.decode(bytes, descriptorCount: descriptors)?.id == 7)
            #expect(Wire.decode(bytes, descriptorCount: descriptors + 1) == nil)
            #expect(Wire.decode(bytes + [0], descriptorCount: descriptors) == nil)
            for length in 0..<bytes.count {
                #expect(Wire.decode(Array(bytes[..<length]), descriptorCount: descriptors) == nil)
            }
            // Magic, version and length; another type may by chance fit the same body.
            for position in [0, 1, 2, 3, 4, 5, 8, 9, 10, 11] {
                var other = bytes
                other[position] ^= 0x10
                #expect(Wire.decode(other, descriptorCount: descriptors) == nil, "\(kind) \(position)")
            }
        }
    }

    @Test("what only a supervisor may say is not heard from a jail")
    func refusesOwnKinds() {
        for kind in Self.kinds where !Self.arriving.contains(where: { $0.kind == kind }) {
            for descriptors in 0...4 {
                #expect(Wire.decode(Wire.encode(kind), descriptorCount: descriptors) == nil)
            }
        }
    }

    @Test("random bytes behind a right header never do harm", arguments: [1, 2, 3, 4] as [UInt64])
    func randomBodies(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<5_000 {
            let (kind, size, descriptors) = Self.arriving.randomElement(using: &random)!
            let body = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(Wire.decode(Wire.encode(kind, body: body), descriptorCount: descriptors) != nil)
        }
    }
}
