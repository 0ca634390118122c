import Dispatch
import OrketCore
import OrketVerify
import Synchronization

/// Reads the fixtures that the paths of a command line mean.
enum FixtureReading {
    /// All fixtures of `paths`, with ids of their own; throws all findings of all of them. `source`: see `FixtureDecoder`.
    static func read(
        _ paths: [String], source: FixtureDecoder.SourceReading = .required
    ) throws(InvalidInput) -> [Fixture] {
        let names = try FixtureFinder.find(paths)
        var fixtures: [Fixture] = []
        var findings: [Finding] = []
        var files: [String: String] = [:]
        for (file, result) in zip(names, decode(names, source)) {
            do throws(InvalidInput) {
                let fixture = try result.get()
                if let first = files[fixture.id] {
                    findings.append(Finding(file: file, "duplicate fixture id '\(fixture.id)', first in \(first)"))
                }
                files[fixture.id] = file
                fixtures.append(fixture)
            } catch {
                findings += error.findings
            }
        }
        if !findings.isEmpty { throw InvalidInput(findings) }
        return fixtures
    }

    /// In the order of `files`, on all processors: nothing else runs yet, and a large set would keep one busy for long.
    private static func decode(
        _ files: [String], _ source: FixtureDecoder.SourceReading
    ) -> [Result<Fixture, InvalidInput>] {
        let found = Mutex([Result<Fixture, InvalidInput>?](repeating: nil, count: files.count))
        DispatchQueue.concurrentPerform(iterations: files.count) { index in
            let result = Result { () throws(InvalidInput) in try FixtureDecoder.read(files[index], source: source) }
            found.withLock { $0[index] = result }
        }
        return found.withLock { $0.compactMap(\.self) }
    }
}
