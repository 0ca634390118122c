package import OrketBoard
package import OrketCore
package import OrketStore
internal import OrketSystem
internal import OrketVerify

/// One board, opened: its files, read whole, and its store, brought to what they say. The one way in for every command.
package struct BoardSession: Sendable {
    package let directory: String
    /// Nil where the files had not changed since they were taken over.
    package let board: Board?
    package let store: BoardStore

    /// Where a board keeps its store: beneath its own directory.
    static func storeDirectory(_ directory: String) -> String { directory + "/.orket" }

    /// The files of a board with the fixtures that they name; every defect of all of them at once.
    package static func validate(_ directory: String) throws(InvalidInput) -> Board {
        let board = try BoardReader.read(directory)
        var findings: [Finding] = []
        for fixture in board.fixtures {
            let file = "\(directory)/fixtures/\(fixture.path)/\(FixtureFinder.fileName)"
            do throws(InvalidInput) { _ = try FixtureDecoder.read(file, source: .none) } catch {
                findings += error.findings
            }
        }
        if !findings.isEmpty { throw InvalidInput(BoardReader.sorted(findings)) }
        return board
    }

    /// Opens a board. Its files are read and taken over when `BoardStamp` says that they changed; nothing is done with an
    /// invalid board.
    package static func open(_ directory: String) async throws -> BoardSession {
        guard Files.exists(directory) else { throw InvalidInput([Finding(file: directory, "no such directory")]) }
        let stamp = try BoardStamp.of(directory)
        let path = storeDirectory(directory) + "/board.sqlite"
        if Files.exists(path), let store = try await BoardStore.open(path, now: .now, creates: false),
            try await store.stamp() == stamp
        {
            return BoardSession(directory: directory, board: nil, store: store)
        }
        let board = try validate(directory)
        do throws(SystemError) { try Files.makeDirectory(storeDirectory(directory)) } catch {
            throw InvalidInput([Finding(file: storeDirectory(directory), error.description)])
        }
        guard let store = try await BoardStore.open(path, now: .now) else { preconditionFailure("it was to be made") }
        try await store.define(board.definitions, stamp: stamp, by: .user, at: .now)
        return BoardSession(directory: directory, board: board, store: store)
    }
}

extension Actor {
    /// Whoever typed the command.
    static var user: Actor {
        let name = Process.environment("USER").flatMap { $0.isEmpty ? nil : $0 } ?? "uid-\(Process.userID)"
        return Actor(.person, name) ?? Actor(.person, "uid-\(Process.userID)")!
    }
}
