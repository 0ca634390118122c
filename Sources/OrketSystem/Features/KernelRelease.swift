/// A kernel release as `uname -r` prints it, comparable by its first two numbers.
package struct KernelRelease: Sendable, Hashable, CustomStringConvertible {
    /// The whole text, such as `6.1.0-56-amd64`.
    package let description: String
    package let major: Int
    package let minor: Int

    /// nil when the text does not begin with `NUMBER.NUMBER`.
    package init?(_ text: String) {
        let numbers = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard numbers.count >= 2, let major = Int(numbers[0]), let minor = Int(numbers[1].prefix(while: \.isNumber))
        else {
            return nil
        }
        description = text
        self.major = major
        self.minor = minor
    }

    /// True from that release on.
    package func isAtLeast(_ major: Int, _ minor: Int) -> Bool {
        (self.major, self.minor) >= (major, minor)
    }
}
