import Glibc
import OrketAttest
import OrketCore
import OrketSystem
import OrketTestSupport
import Testing

@Suite("Key store")
struct KeyStoreTests {
    private let scratch = TemporaryDirectory()
    private var store: KeyStore { KeyStore(directory: scratch.path + "/a/keys") }
    private var keyFile: String { store.directory + "/signing.key" }

    private static func mode(_ path: String) -> UInt32 {
        var info = stat()
        return lstat(path, &info) == 0 ? info.st_mode & 0o7777 : 0
    }

    private func refused(_ message: String) {
        let error = #expect(throws: AttestError.self) { try store.current() }
        #expect(error?.code == .key)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        #expect(throws: AttestError.self) { try store.currentOrNew() }
        #expect(throws: AttestError.self) { try store.replace() }
    }

    @Test("there is no key until one is wanted; then it stays, and only this user can read it")
    func firstUse() throws {
        #expect(try store.current() == nil)
        #expect(try store.publicKeys() == [])
        #expect(!Files.exists(scratch.path + "/a"))
        let key = try store.currentOrNew()
        #expect(try store.currentOrNew().publicKey == key.publicKey)
        #expect(try store.publicKeys() == [key.publicKey])
        #expect(Self.mode(keyFile) == 0o600 && Self.mode(store.directory) == 0o700)
        let exported = try Files.text("\(store.directory)/\(key.publicKey.id).pub")
        #expect(exported == key.publicKey.pem)
        #expect(try Files.names(in: store.directory).count == 2)
    }

    @Test("all that start at once get the same key, and no draft of another is left")
    func race() async throws {
        let store = store
        let keys = try await withThrowingTaskGroup(of: PublicKey.self) { group in
            for _ in 0..<32 {
                group.addTask { try await Blocking.run { Result { try store.currentOrNew().publicKey } }.get() }
            }
            return try await group.reduce(into: Set<PublicKey>()) { $0.insert($1) }
        }
        #expect(keys.count == 1)
        #expect(try Files.names(in: store.directory).sorted() == ["\(keys.first!.id).pub", "signing.key"])
    }

    @Test("a new key takes the old one's place, whose public half stays")
    func rotation() throws {
        let old = try store.currentOrNew().publicKey
        let new = try store.replace().publicKey
        #expect(old != new)
        #expect(try store.current()?.publicKey == new)
        #expect(try store.publicKeys() == [new, old])
        #expect(Self.mode(keyFile) == 0o600)
    }

    @Test("a key file that others may use is refused", arguments: [0o640, 0o604, 0o660, 0o601, 0o644] as [UInt32])
    func readable(mode: UInt32) throws {
        _ = try store.currentOrNew()
        #expect(chmod(keyFile, mode) == 0)
        refused("may be used by others")
    }

    @Test("a link, a second name, a directory, a FIFO and a long file in its place are refused")
    func kinds() throws {
        _ = try store.currentOrNew()
        let elsewhere = scratch.path + "/elsewhere"
        #expect(link(keyFile, elsewhere) == 0)
        refused("2 names")
        #expect(unlink(keyFile) == 0 && symlink(elsewhere, keyFile) == 0)
        refused("symbolic link")
        #expect(unlink(keyFile) == 0 && mkdir(keyFile, 0o700) == 0)
        refused("no regular file")
        #expect(rmdir(keyFile) == 0 && mkfifo(keyFile, 0o600) == 0)
        refused("no regular file")
        #expect(unlink(keyFile) == 0)
        try Files.create(keyFile, [UInt8](repeating: 0x41, count: 5_000))
        refused("more than 4096 bytes")
    }

    @Test("a directory that others may write, or a link to one, is refused")
    func directories() throws {
        _ = try store.currentOrNew()
        #expect(chmod(store.directory, 0o770) == 0)
        refused("only this user can write")
        #expect(chmod(store.directory, 0o700) == 0)
        #expect(rename(store.directory, scratch.path + "/real") == 0)
        #expect(symlink(scratch.path + "/real", store.directory) == 0)
        refused("only this user can write")
    }

    @Test(
        "a damaged key file is refused and stays as it is",
        arguments: ["", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
    func damaged(text: String) throws {
        try Files.makeDirectories(store.directory)
        try Files.create(keyFile, Array(text.utf8))
        #expect(throws: AttestError.self) { try store.currentOrNew() }
        #expect(throws: AttestError.self) { try store.replace() }
        #expect(try Files.text(keyFile) == text)
    }

    @Test("a public key under another key's name is refused")
    func wrongName() throws {
        _ = try store.currentOrNew()
        try Files.create(
            "\(store.directory)/\(try Samples.key().publicKey.id).pub", Array(try Samples.key(1).publicKey.pem.utf8))
        #expect(throws: AttestError.self) { try store.publicKeys() }
    }
}
