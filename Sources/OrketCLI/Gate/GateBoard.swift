import OrketAttest
import OrketCore
import OrketDocuments
import OrketStore
import OrketSystem
import OrketVerify

/// What the gate needs of a board: its policy and its fixtures, as the board has them. Nothing of a candidate is read here, so
/// what a delivery brings never judges that delivery.
struct GateBoard {
    /// Of the board; absolute or as it was typed.
    let directory: String
    let policy: GatePolicy
    let policyDigest: HexDigest

    /// Reads `gate.yaml`, if there is one. Throws all findings.
    init(directory: String) throws(InvalidInput) {
        self.directory = directory
        let path = directory + "/gate.yaml"
        guard Files.exists(path) else {
            (policy, policyDigest) = (GatePolicy(), Self.digest(GatePolicy()))
            return
        }
        let (root, problems) = DocumentReader.read(try HostFile.contents(path, maximumBytes: 64 << 10), file: path)
        var reader = DefinitionReader()
        let read = root.map { reader.gatePolicy($0) }
        let findings = problems + reader.findings
        guard findings.isEmpty, let read else { throw InvalidInput(findings) }
        (policy, policyDigest) = (read, Self.digest(read))
    }

    private static func digest(_ policy: GatePolicy) -> HexDigest {
        HexDigest(sha256: Array(policy.canonicalText.utf8))
    }

    /// The fixtures of an issue; the candidate comes from elsewhere. Throws all findings of all of them.
    func fixtures(of issue: Issue) throws(InvalidInput) -> [Fixture] {
        let names = issue.verification.fixtures
        if names.isEmpty { return [] }
        return try FixtureReading.read(names.map { "\(directory)/fixtures/\($0)" }, source: .none)
    }
}
