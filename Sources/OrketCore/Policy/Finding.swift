/// One defect of an input, with its place. Checks return all findings, never only the first.
package struct Finding: Sendable, Codable, Hashable, CustomStringConvertible {
    package let file: String
    package let line: Int?
    package let column: Int?
    package let message: String

    package init(file: String, line: Int? = nil, column: Int? = nil, _ message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    package var description: String {
        let place = [file, line.map(String.init), line == nil ? nil : column.map(String.init)].compactMap { $0 }
        return place.joined(separator: ":") + ": " + message
    }
}

/// Input that was refused as a whole: nothing was started, all findings at once.
package struct InvalidInput: Error, CustomStringConvertible {
    package let findings: [Finding]

    package init(_ findings: [Finding]) { self.findings = findings }

    package var description: String { findings.map(\.description).joined(separator: "\n") }
}
