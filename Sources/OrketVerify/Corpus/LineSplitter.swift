/// Cuts a byte stream into lines with bounded memory: of a line beyond `maximumBytes` only the fact is kept.
package struct LineSplitter {
    /// One line without its newline.
    package struct Line: Hashable {
        /// 1-based.
        package let number: Int
        package let bytes: [UInt8]
        /// The line was longer than the bound; `bytes` is empty.
        package let tooLong: Bool
        /// False for a last line that ends without a newline.
        package let terminated: Bool
    }

    private let maximumBytes: Int
    private var pending: [UInt8] = []
    private var overflowed = false
    private var number = 1

    /// A splitter that holds at most `maximumBytes` of one line.
    package init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

    /// The lines that `chunk` completes.
    package mutating func feed(_ chunk: [UInt8]) -> [Line] {
        var lines: [Line] = []
        var rest = chunk[...]
        while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
            keep(rest[..<newline])
            lines.append(take(terminated: true))
            rest = rest[(newline + 1)...]
        }
        keep(rest)
        return lines
    }

    /// The last line when the stream does not end with a newline.
    package mutating func finish() -> Line? {
        pending.isEmpty && !overflowed ? nil : take(terminated: false)
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        if overflowed { return }
        if pending.count + bytes.count > maximumBytes {
            overflowed = true
            pending = []
        } else {
            pending += bytes
        }
    }

    private mutating func take(terminated: Bool) -> Line {
        defer {
            pending = []
            overflowed = false
            number += 1
        }
        return Line(number: number, bytes: pending, tooLong: overflowed, terminated: terminated)
    }
}
