import OrketCore
import OrketSystem

/// Makes the programs runnable: C is compiled with the host's compiler, scripts are taken as they are.
struct HostileCompiler: Sendable {
    /// Where the bytes of a runnable program are, or why there are none.
    enum Product: Sendable {
        case file(String)
        /// This host cannot make it, which is no defect of the corpus.
        case absent(String)
        case broken(String)
    }

    /// The corpus, searched for the shared headers.
    let corpus: String
    /// Private directory for the results.
    let directory: String
    let jobs: Int

    private static let timeoutMs: UInt64 = 30_000

    /// Products by name of program. `progress` is called once per program.
    func compile(_ programs: [HostileProgram], progress: @Sendable () -> Void) async -> [String: Product] {
        var products: [String: Product] = [:]
        let compiler = await findCompiler()
        let can32 = programs.contains { $0.needs.contains(.cc32) } ? await compiles32(compiler) : false
        await withTaskGroup(of: (String, Product).self) { group in
            var waiting = programs[...]
            var running = 0
            while running > 0 || !waiting.isEmpty {
                while running < jobs, let program = waiting.popFirst() {
                    running += 1
                    group.addTask { (program.name, await product(program, compiler, can32: can32)) }
                }
                guard let (name, product) = await group.next() else { break }
                running -= 1
                products[name] = product
                progress()
            }
        }
        return products
    }

    private func product(_ program: HostileProgram, _ compiler: String?, can32: Bool) async -> Product {
        guard program.language == .c else { return .file(program.file) }
        guard let compiler else { return .absent("no C compiler (cc) on this host") }
        let output = "\(directory)/\(program.name.replacing("/", with: "-"))"
        if program.needs.contains(.cc32) {
            guard can32 else { return .absent("the C compiler makes no 32-bit programs (gcc -m32)") }
            return await build([compiler] + Self.flags32 + [program.file, "-o", output], output)
        }
        let common = [compiler, "-O1", "-pipe", "-I", corpus, program.file, "-o", output]
        let linked = await build(common + ["-static"], output)
        // Without the static C library a dynamic program does, since the sandbox has the system's libraries.
        if case .file = linked { return linked }
        return await build(common + ["-pthread"], output)
    }

    private static let flags32 = ["-O1", "-pipe", "-m32", "-ffreestanding", "-nostdlib", "-static"]

    private func build(_ argv: [String], _ output: String) async -> Product {
        let files = output + ".log"
        do { try Files.makeDirectory(files) } catch { return .broken(error.description) }
        let end = await HostProcess.run(
            argv, environment: Self.environment, directory: directory, files: files, timeoutMs: Self.timeoutMs)
        if end == .exited(0) { return .file(output) }
        let words = (try? Files.text(files + "/stderr", limit: 4096)) ?? ""
        let line =
            words.split(separator: "\n").first { $0.contains("error") } ?? words.split(separator: "\n").first ?? ""
        return .broken("does not compile (\(end)): \(line)")
    }

    static let environment = ["PATH": Process.environment("PATH") ?? "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]

    private func findCompiler() async -> String? {
        for name in [Process.environment("CC"), "cc", "gcc", "clang"].compactMap(\.self) where !name.contains(" ") {
            if await tries([name, "--version"], "compiler") { return name }
        }
        return nil
    }

    private func compiles32(_ compiler: String?) async -> Bool {
        guard let compiler else { return false }
        let source = directory + "/empty32.c"
        guard (try? Canaries.create(source, "void _start(void) { for (;;) ; }\n")) != nil else { return false }
        return await tries([compiler] + Self.flags32 + [source, "-o", directory + "/empty32"], "empty32")
    }

    private func tries(_ argv: [String], _ name: String) async -> Bool {
        let files = "\(directory)/\(name).try"
        guard (try? Files.makeDirectory(files)) != nil else { return false }
        let end = await HostProcess.run(
            argv, environment: Self.environment, directory: directory, files: files, timeoutMs: Self.timeoutMs)
        return end == .exited(0)
    }
}
