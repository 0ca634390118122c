import OrketCore
import OrketStore
import OrketSystem

/// Where a board keeps what has happened: `.orket` in the directory of its files.
struct BoardLocation: Sendable {
    /// Of the board's files.
    let directory: String

    init(_ directory: String) {
        self.directory = directory.count > 1 && directory.hasSuffix("/") ? String(directory.dropLast()) : directory
    }

    private var state: String { directory + "/.orket" }
    var database: String { state + "/board.sqlite" }
    /// Of the gate, one file each.
    var decisions: String { state + "/decisions" }

    /// The board's store as it is. Throws a finding where no board was ever taken over here.
    func open() async throws -> BoardStore {
        if let store = try await BoardStore.open(database, now: .now, creates: false) { return store }
        throw InvalidInput([
            Finding(
                file: directory,
                "no board was taken over here; orket cards --board DIR takes its files over, orket init makes one")
        ])
    }
}

extension BoardStore {
    /// The issue; throws a finding when there is none of that name.
    func existingIssue(_ name: String) async throws -> StoredIssue {
        guard let id = CardID(name), let issue = try await issue(id) else {
            throw InvalidInput([Finding(file: name, "there is no such issue; orket cards lists them")])
        }
        return issue
    }
}
