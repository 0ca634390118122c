import Glibc
import OrketCore
import OrketSystem
import OrketTestSupport
import OrketVerify

/// A directory of one test with a content store in it, and programs of the host that work there.
final class SnapshotPlace {
    /// How a program ended: wait status, and what it wrote to stdout and stderr.
    struct End {
        var status: Int32
        var text: String
    }

    private let root = TemporaryDirectory()
    let store: ContentStore

    var path: String { root.path }

    init() throws { store = try ContentStore(root.path + "/store") }

    static let driver: String = {
        let program = Files.readLink("/proc/self/exe")!
        return program[..<program.lastIndex(of: "/")!] + "/orket-snapshot-driver"
    }()

    /// A program that runs until it is told to end.
    static func start(_ argv: [String], output: MemoryFile) throws -> Int32 {
        try Process.spawn(
            argv[0], arguments: Array(argv.dropFirst()),
            environment: ["PATH=/usr/bin:/bin:/usr/sbin:/sbin", "SWIFT_BACKTRACE=enable=no", "LC_ALL=C.UTF-8"],
            stdout: output.descriptor.raw, stderr: output.descriptor.raw)
    }

    @discardableResult
    static func run(_ argv: [String]) throws -> End {
        let output = try MemoryFile(name: "output")
        _ = fcntl(output.descriptor.raw, F_SETFL, O_APPEND)
        let status = Process.reap(try start(argv, output: output), wait: true) ?? -1
        return End(status: status, text: Files.reread(output.descriptor, capacity: 4 << 20))
    }

    /// Runs a script of sh in the directory; it must succeed.
    @discardableResult
    func shell(_ script: String) throws -> String {
        let end = try Self.run(["/bin/sh", "-euc", "cd \"$1\"\n" + script, "sh", path])
        guard end.status == 0 else { throw ScriptFailure(text: end.text) }
        return end.text
    }

    /// What every script of Python starts with.
    static let modules =
        "import gzip, hashlib, io, os, random, resource, socket, struct, subprocess, sys, tarfile, time, zipfile, zlib\n"

    /// Runs Python in the directory; it must succeed.
    @discardableResult
    func python(_ code: String, _ arguments: String...) throws -> String {
        let end = try Self.run(["/usr/bin/env", "-C", path, "python3", "-c", Self.modules + code] + arguments)
        guard end.status == 0 else { throw ScriptFailure(text: end.text) }
        return end.text
    }

    /// `name` lies in the directory, or is `git:`, a repository there, and a revision.
    func importing(_ name: String, _ change: (inout ImportLimits) -> Void = { _ in }) throws -> CandidateSnapshot {
        var limits = ImportLimits()
        change(&limits)
        let named = name.hasPrefix("git:") ? "git:\(path)/\(name.dropFirst(4))" : path + "/" + name
        return try CandidateSnapshot.importing(path: named, into: store, limits: limits)
    }

    /// What the import of `name` finds, without the file's name; empty when it is not refused.
    func findings(_ name: String, _ change: (inout ImportLimits) -> Void = { _ in }) throws -> [String] {
        do {
            _ = try importing(name, change)
        } catch SnapshotError.refused(let input) {
            return input.findings.map(\.message)
        }
        return []
    }

    /// Every entry with its bytes or target, read from the store.
    func contents(_ snapshot: CandidateSnapshot) throws -> [String: String] {
        let inputs = try snapshot.inputs(from: store).map { ($0.path, String(decoding: $0.bytes, as: UTF8.self)) }
        return Dictionary(uniqueKeysWithValues: inputs)
    }

    /// Names of the blobs that the store has.
    func blobs() throws -> Set<String> {
        Set(try shell("find store/objects -type f -printf '%f\\n'").split(separator: "\n").map(String.init))
    }
}

/// A script of a test that did not do its work.
struct ScriptFailure: Error {
    var text: String
}
