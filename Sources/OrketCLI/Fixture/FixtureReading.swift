import OrketCore
import OrketVerify

/// Reads the fixtures that the paths of a command line mean.
enum FixtureReading {
    /// All fixtures of `paths`, with ids of their own; throws all findings of all of them. `source`: see `FixtureDecoder`.
    static func read(
        _ paths: [String], source: FixtureDecoder.SourceReading = .required
    ) throws(InvalidInput) -> [Fixture] {
        var fixtures: [Fixture] = []
        var findings: [Finding] = []
        var files: [String: String] = [:]
        for file in try FixtureFinder.find(paths) {
            do throws(InvalidInput) {
                let fixture = try FixtureDecoder.read(file, source: source)
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
}
