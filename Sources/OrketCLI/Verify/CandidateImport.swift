import OrketCore
import OrketSystem
import OrketVerify

/// Imports what `--candidate` names, once for all fixtures.
enum CandidateImport {
    /// The candidate in the content store of this user. Throws all findings about it, or `EvidenceFailure` where our side failed.
    static func run(_ path: String) async throws -> ImportedCandidate {
        let location = try ContentLocation()
        return try await Blocking.run {
            Result { () throws -> ImportedCandidate in
                let store = try location.openOrCreate()
                do throws(SnapshotError) { return try ImportedCandidate(path: path, into: store) } catch {
                    switch error {
                    case .refused(let input): throw input
                    case .storage(let failure): throw EvidenceFailure(failure)
                    }
                }
            }
        }.get()
    }

    /// `fixtures` about that candidate.
    static func judging(
        _ candidate: ImportedCandidate, _ fixtures: [Fixture]
    ) async throws(EvidenceFailure) -> [Fixture] {
        let result = await Blocking.run {
            Result { () throws(StorageError) in
                var judging: [Fixture] = []
                for fixture in fixtures { judging.append(try fixture.judging(candidate)) }
                return judging
            }
        }
        do throws(StorageError) { return try result.get() } catch { throw EvidenceFailure(error) }
    }
}
