import OrketSystem

/// Where this test's build and sources are.
enum Checkout {
    /// The top of the repository.
    static let root: String = {
        var path = #filePath[...]
        for _ in 0..<4 { path = path[..<path.lastIndex(of: "/")!] }
        return String(path)
    }()

    /// The directory of this program, and so of the other programs of the build.
    static let products: String = {
        let program = Files.readLink("/proc/self/exe")!
        return String(program[..<program.lastIndex(of: "/")!])
    }()

    static let jail = products + "/orket-jail"
    static let driver = products + "/orket-sandbox-driver"
}
