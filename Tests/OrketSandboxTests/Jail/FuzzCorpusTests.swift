import Glibc
import OrketSystem
import Testing

@testable import OrketSandbox

@Suite("Seeds of the fuzzer")
struct FuzzCorpusTests {
    /// A seed in an older format fuzzes nothing but the first check. ORKET_UPDATE_CORPUS=1 writes them anew.
    @Test("the corpus is what the encoders write today")
    func isCurrent() throws {
        if Process.environment("ORKET_UPDATE_CORPUS") != nil { try update() }
        let seeds = try FuzzCorpus.seeds()
        #expect(try Set(Files.names(in: FuzzCorpus.directory)) == Set(seeds.keys))
        for (name, bytes) in seeds {
            let kept = try Files.read("\(FuzzCorpus.directory)/\(name)")
            #expect(kept == bytes, "\(name): run this test with ORKET_UPDATE_CORPUS=1")
        }
    }

    private func update() throws {
        for (name, bytes) in try FuzzCorpus.seeds() {
            let path = "\(FuzzCorpus.directory)/\(name)"
            let file = Descriptor(owning: open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644))
            try file.writeAll(bytes)
        }
    }
}
