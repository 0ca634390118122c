internal import Glibc
import OrketCore
import OrketVerify

/// A process of its own that stores and imports, for tests of two writers at once, of full disks and of bounded memory.
///
///     orket-snapshot-driver put STORE FILE COUNT     puts the bytes of FILE, COUNT times
///     orket-snapshot-driver keep STORE FILE COUNT    makes the blob look old, puts it, and must be able to read it
///     orket-snapshot-driver import STORE PATH...     imports each, one after the other
///
///     orket-snapshot-driver shelf STORE COUNT        keeps COUNT results of compilations, each of 4 files of 64 KiB, and trims
///                                                    after each
///
/// Speaks in lines: `kept KEY`, `blob DIGEST`, `snapshot DIGEST`, `refused FINDINGS`, `storage ERROR`. Exit status 0: all done, 2: some
/// candidate was refused, 3: the store failed.
@main
struct Driver {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do throws(StorageError) {
            if arguments[0] == "shelf" { return try fill(arguments[1], Int(arguments[2])!) }
            let store = try ContentStore(arguments[1])
            switch arguments[0] {
            case "put": try put(arguments[2], Int(arguments[3])!, store)
            case "keep": try keep(arguments[1], arguments[2], Int(arguments[3])!, store)
            default: try importAll(arguments[2...], store)
            }
        } catch {
            print("storage \(error)")
            exit(3)
        }
    }

    private static func fill(_ path: String, _ count: Int) throws(StorageError) {
        let shelf = try CompileShelf(path)
        for index in 0..<count {
            var result = RunResult(outcome: .passed, reasons: [], exit: .exited(0), limits: Limits())
            result.outputs = (0..<4).map { file in
                let byte = UInt8(truncatingIfNeeded: index &* 7 &+ file)
                return CollectedFile(
                    path: "out\(file)", bytes: Array(repeating: byte, count: 65_536), executable: file == 0)
            }
            let key = Digest.hex(of: Array("\(index)".utf8))
            if let failure = shelf.put(result, key) { throw failure }
            print("kept \(key)")
            fflush(nil)
            if let failure = shelf.trim() { throw failure }
        }
    }

    private static func put(_ file: String, _ count: Int, _ store: ContentStore) throws(StorageError) {
        let bytes = (try? HostFile.contents(file, maximumBytes: 256 << 20)) ?? []
        for _ in 0..<count { print("blob \(try store.put(bytes))") }
    }

    private static func keep(
        _ path: String, _ file: String, _ count: Int, _ store: ContentStore
    ) throws(StorageError) {
        let bytes = (try? HostFile.contents(file, maximumBytes: 1 << 20)) ?? []
        let digest = try store.put(bytes)
        let blob = "\(path)/objects/\(digest.prefix(2))/\(digest.dropFirst(2).prefix(2))/\(digest)"
        for _ in 0..<count {
            var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
            utimensat(AT_FDCWD, blob, &times, 0)
            try store.put(bytes)
            _ = try store.read(digest, limit: 1 << 20)
        }
        print("blob \(digest)")
    }

    private static func importAll(_ paths: ArraySlice<String>, _ store: ContentStore) throws(StorageError) {
        var isRefused = false
        for path in paths {
            do throws(SnapshotError) {
                print("snapshot \(try CandidateSnapshot.importing(path: path, into: store).digest)")
            } catch {
                if case .storage(let failure) = error { throw failure }
                isRefused = true
                print("refused \(error.description.split(separator: "\n").joined(separator: " | "))")
            }
        }
        if isRefused { exit(2) }
    }
}
