import OrketCore
import OrketSystem
import OrketVerify

/// Where results of compilations are kept: `compiled` in the directory of what lasts.
enum CompileLocation {
    /// The cache for these languages; nil where there is nothing to compile, or no place: everything is compiled then. Without
    /// `reuses` it is only filled.
    static func open(_ languages: Set<Language>, reuses: Bool) async -> CompileCache? {
        let compiled = languages.filter { $0.compilePolicy != $0.runPolicy }
        guard !compiled.isEmpty, let state = try? LastingState.directory() else { return nil }
        return await Blocking.run {
            guard (try? LastingState.make([state])) != nil, let shelf = try? CompileShelf(state + "/compiled") else {
                return nil
            }
            return CompileCache(
                shelf, toolchains: Dictionary(uniqueKeysWithValues: compiled.map { ($0, identity($0)) }),
                reuses: reuses)
        }
    }

    /// Files that a package manager changes whenever it changes anything: headers and libraries are part of a toolchain as much
    /// as its programs.
    private static let packageLists = ["/var/lib/dpkg/status", "/lib/apk/db/installed", "/var/lib/rpm/rpmdb.sqlite"]

    private static func identity(_ language: Language) -> String {
        let lists = packageLists.map { "\($0)\t\(Files.identity($0) ?? "absent")\n" }
        return VerifierSurroundings.programs(of: language) + lists.joined()
    }
}
