internal import Crypto
package import OrketCore
internal import OrketSystem

/// What the files of a board look like from outside, without reading them: names, sizes and times. Whatever writes, renames or
/// relinks one of them changes it.
package enum BoardStamp {
    private static let directories = [
        "departments", "teams", "roles", "environments", "dialects", "epics", "rocks", "issues",
    ]

    /// Hex SHA-256 over one line a file.
    package static func of(_ directory: String) throws(InvalidInput) -> String {
        var hash = SHA256()
        do throws(SystemError) {
            for part in [""] + directories {
                let place = part.isEmpty ? directory : "\(directory)/\(part)"
                if !part.isEmpty, !Files.exists(place) { continue }
                for name in try Files.names(in: place).sorted() where !name.hasPrefix(".") {
                    let stamp = try FileStamp(Files.openNamed("\(place)/\(name)"))
                    // A directory of the root has its own part.
                    if stamp.kind == .directory { continue }
                    let line = "\(part)/\(name)\0\(stamp.inode) \(stamp.size) \(stamp.modified) \(stamp.changed)\n"
                    hash.update(data: Array(line.utf8))
                }
            }
        } catch {
            throw InvalidInput([Finding(file: directory, error.description)])
        }
        return HexDigest(bytes: Array(hash.finalize())).text
    }
}
