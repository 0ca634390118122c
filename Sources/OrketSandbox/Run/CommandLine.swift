internal import OrketCore

/// argv and environment as START carries them.
enum CommandLine {
    /// The kernel's own bound on one string (MAX_ARG_STRLEN, 32 pages).
    private static let maximumString = 131_072
    private static let maximumStrings = 16_000

    static func encode(_ request: RunRequest, environment: [String: String]) throws(SandboxError) -> [UInt8] {
        var all = environment
        all.merge(request.environment) { _, new in new }
        guard let program = request.argv.first, !program.isEmpty else {
            throw SandboxError(.badRequest, "no program was given")
        }
        for (index, argument) in request.argv.enumerated()
        where argument.utf8.contains(0) || argument.utf8.count >= maximumString {
            throw SandboxError(.badRequest, "argument \(index) holds a NUL byte or more than \(maximumString) bytes")
        }
        for (name, value) in all
        where name.isEmpty || name.contains("=") || name.utf8.contains(0) || value.utf8.contains(0)
            || value.utf8.count >= maximumString
        {
            throw SandboxError(.badRequest, "environment variable \(Classifier.escaped(name)) is not usable")
        }
        if request.argv.count + all.count > maximumStrings {
            throw SandboxError(.badRequest, "more than \(maximumStrings) arguments and variables")
        }
        var writer = ByteWriter()
        writer.u32(UInt32(request.argv.count))
        writer.u32(UInt32(all.count))
        for argument in request.argv { writer.terminated(argument) }
        for name in all.keys.sorted() { writer.terminated("\(name)=\(all[name]!)") }
        if writer.bytes.count > 8 << 20 { throw SandboxError(.badRequest, "arguments and environment exceed 8 MiB") }
        return writer.bytes
    }
}
