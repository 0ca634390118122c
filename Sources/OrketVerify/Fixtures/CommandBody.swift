package import OrketCore

/// Kind `command`: commands one after the other in one workspace, each with what must come of it.
package struct CommandBody: Sendable {
    /// Trusted files; they are laid anew into every sandbox, over what steps left.
    package var files: [InputFile]
    /// Commands that make ready, under the compile policy; all must succeed.
    package var setup: [[String]]
    package var steps: [Step]

    /// One command.
    package struct Step: Sendable {
        package var place: Fixture.Place
        package var argv: [String]
        package var stdin: [UInt8]
        package var expected: Expected

        package var id: String { place.id }
    }

    /// What must come of a command.
    package struct Expected: Sendable {
        package var exit: Int32 = 0
        package var stdout: TextMatcher?
        package var stderr: TextMatcher?
        /// About stdout as a JSON document.
        package var json: [JSONAssertion] = []
        package var files: [File] = []
    }

    /// What must be in the workspace after a command.
    package struct File: Sendable {
        package var path: String
        package var exists = true
        package var text: TextMatcher?
        package var json: [JSONAssertion] = []
    }
}
