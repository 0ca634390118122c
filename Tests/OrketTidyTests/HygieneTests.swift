import Testing

@Suite("Hygiene")
struct HygieneTests {
    /// Words that are put together here, so that this file does not hold them.
    private static let unfinished = ["TO" + "DO", "FIX" + "ME", "XX" + "X:"]
    /// Places of one machine. A path of the guest or of a shell variable has something before its slash.
    private static let machinePaths = ["/wo" + "rk", "/ho" + "me/", "/Us" + "ers/", "/tmp/" + "wt"]

    private static let text =
        Repository.files(
            "", ".swift", ".c", ".h", ".md", ".yaml", ".json", ".py", ".sh", ".js", "Makefile", ".modulemap")
        + Repository.files(".ci/", "")

    private static func unfinishedWork(_ file: SourceFile) -> [String] {
        zip(1..., file.lines).filter { _, line in unfinished.contains { line.contains($0) } }
            .map { "\(file.path):\($0.0): unfinished work belongs into an issue" }
    }

    private static func foreignPaths(_ file: SourceFile) -> [String] {
        zip(1..., file.lines).filter { _, line in
            machinePaths.contains { path in
                line.ranges(of: path).contains { range in
                    let before = range.lowerBound == line.startIndex ? " " : line[line.index(before: range.lowerBound)]
                    let after = range.upperBound == line.endIndex ? " " : line[range.upperBound]
                    let isWhole = path.hasSuffix("/") || !(after.isLetter || after.isNumber || after == "-")
                    return isWhole && !(before.isLetter || before.isNumber || "}$\")._*".contains(before))
                }
            }
        }.map { "\(file.path):\($0.0): a path of one machine" }
    }

    @Test("no file holds a mark of unfinished work")
    func isFinished() {
        #expect(Self.text.count > 300)
        #expect(Self.text.flatMap(Self.unfinishedWork) == [])
    }

    @Test("no file names a path of one machine")
    func isPortable() {
        #expect(Self.text.flatMap(Self.foreignPaths) == [])
    }

    @Test("the scripts of the gate are executable and stop at the first error")
    func scripts() {
        let scripts = Repository.files(".ci/", "")
        #expect(scripts.count >= 6)
        for script in scripts {
            #expect(Repository.isExecutable(script.path), "\(script.path)")
            #expect(script.text.hasPrefix("#!/usr/bin/env bash\n# "), "\(script.path): first lines")
            #expect(script.text.contains("\nset -euo pipefail\n"), "\(script.path)")
        }
    }

    @Test("no file is larger than 256 KiB, and text ends with a newline and has no trailing blanks")
    func shape() {
        for file in Self.text {
            #expect(file.text.utf8.count <= 256 << 10, "\(file.path)")
            #expect(file.text.isEmpty || file.text.hasSuffix("\n"), "\(file.path)")
            #expect(!file.lines.contains { $0.hasSuffix(" ") || $0.hasSuffix("\t") }, "\(file.path)")
        }
    }

    @Test("planted marks and paths are found, and look-alikes are not")
    func findsPlanted() {
        func marks(_ text: String) -> Int { Self.unfinishedWork(SourceFile(path: "a", text: text)).count }
        func paths(_ text: String) -> Int { Self.foreignPaths(SourceFile(path: "a", text: text)).count }
        #expect(marks("x // " + "TO" + "DO later\n") == 1)
        #expect(marks("todo lists\n") == 0)
        #expect(paths("see /wo" + "rk/main\n") == 1)
        #expect(paths("cd /ho" + "me/someone\n") == 1)
        #expect(paths("$base/wo" + "rk and upper/wo" + "rk and /wo" + "rkers\n") == 0)
    }
}
