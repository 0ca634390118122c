import Glibc
import OrketCore
import OrketSystem

/// Writes new directories of fixtures: whole, or not at all.
enum FixtureWriter {
    /// Makes `directory` with a directory for each of `fixtures`; one without a name lies in `directory` itself. Only files
    /// whose names have no slash.
    static func write(
        _ fixtures: [(name: String, files: [(name: String, text: String)])], to directory: String
    ) throws(InvalidInput) {
        let path = directory.count > 1 && directory.hasSuffix("/") ? String(directory.dropLast()) : directory
        let draft = "\(path).orket-\(getpid())"
        do throws(SystemError) {
            try Files.makeDirectory(draft, mode: 0o755)
            for fixture in fixtures {
                let place = fixture.name.isEmpty ? draft : "\(draft)/\(fixture.name)"
                if !fixture.name.isEmpty { try Files.makeDirectory(place, mode: 0o755) }
                for file in fixture.files {
                    try Files.create("\(place)/\(file.name)", Array(file.text.utf8), mode: 0o644)
                }
            }
            // Onto nothing, or the one kind of directory that may be replaced: an empty one.
            if rename(draft, path) != 0 { throw SystemError("rename", path, errno: errno) }
        } catch {
            for fixture in fixtures.reversed() {
                let place = fixture.name.isEmpty ? draft : "\(draft)/\(fixture.name)"
                for file in fixture.files { unlink("\(place)/\(file.name)") }
                rmdir(place)
            }
            rmdir(draft)
            throw InvalidInput([Finding(file: directory, error.description)])
        }
    }
}
