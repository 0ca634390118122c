internal import Glibc
import OrketCore
import OrketStore
import OrketStoreSamples
import OrketSystem

/// A process of its own that works with an evidence store.
///
///     orket-store-driver append FILE COUNT    0 goes on for ever; says `appended ID SEQUENCE` for each one acknowledged
///     orket-store-driver verify FILE          says `intact COUNT HEAD` or `broken PLACE REASON`
///     orket-store-driver board FILE COUNT     changes cards of the sample board; says `changed CARD VERSION` for each
///     orket-store-driver measure FILE         the same, and then `peak KIBIBYTES` of its memory
///
/// Says `error CODE TEXT` and exits with 3 when the store cannot do it.
@main
struct StoreDriver {
    static func main() async {
        let words = CommandLine.arguments
        do throws(StoreError) {
            if words[1] == "board" { return try await BoardChanges.run(words[2], count: Int(words[3])!) }
            guard let store = try await EvidenceStore.open(words[2], now: UTCTime(milliseconds: 0), busyTimeout: 20)
            else { fatalError("the store was not made") }
            switch words[1] {
            case "append": try await append(to: store, count: Int(words[3])!)
            case "verify", "measure":
                let report = try await store.verifyChain()
                let fault = report.fault.map { "broken \($0.sequence.map(String.init) ?? "-") \($0.reason)" }
                say(fault ?? "intact \(report.chain.length) \(report.chain.head)")
                if words[1] == "measure" { say("peak \(peak)") }
            default: fatalError("unknown mode \(words[1])")
            }
        } catch {
            say("error \(error.code.rawValue) \(error.description.replacing("\n", with: " "))")
            exit(3)
        }
    }

    private static func append(to store: EvidenceStore, count: Int) async throws(StoreError) {
        var done = 0
        while count == 0 || done < count {
            let stored = try await store.append(
                .sample(fixture: "by-\(Process.processID)"),
                blobs: [BlobReference(kind: .stdout, digest: .sample(9), bytes: 42)])
            say("appended \(stored.id) \(stored.sequence)")
            done += 1
        }
    }

    /// KiB of memory that were in use at once.
    private static var peak: Int {
        let status = (try? Files.text("/proc/self/status")) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return Int(line.filter(\.isNumber)) ?? 0
    }

    static func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(1, bytes, bytes.count)
    }
}
