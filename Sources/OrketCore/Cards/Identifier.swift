/// The name of a `Subject` in files, commands and records: 1...128 ASCII letters, digits, `-`, `_` and `.`, the first of them
/// a letter or digit. So it is a file name, needs no quoting anywhere, and can neither hide nor steer anything in a terminal.
package struct Identifier<Subject>: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let text: String

    /// Nil when `text` is not of that form.
    package init?(_ text: String) {
        guard (1...Self.maximumBytes).contains(text.utf8.count), text.utf8.allSatisfy(Self.isPart),
            let first = text.utf8.first, Self.isAlphanumeric(first)
        else { return nil }
        self.text = text
    }

    private init(unchecked text: String) { self.text = text }

    /// The same name for another subject, as an epic's name is part of its build's.
    package init<Other>(_ other: Identifier<Other>) { text = other.text }

    /// 128 bits of `generator` as 32 hexadecimal digits, for what has no name in a file.
    package static func random(using generator: inout some RandomNumberGenerator) -> Self {
        let halves = [
            UInt64.random(in: .min ... .max, using: &generator), .random(in: .min ... .max, using: &generator),
        ]
        return Self(unchecked: HexText.encode(halves.flatMap(\.bigEndianBytes)))
    }

    /// The name of the part `number`, from 1, of this subject: `billing` and 3 give `billing.3`. For cards without an id
    /// in their file: the same file gives the same ids. Nil when it would be too long.
    package func part<Part>(_ number: Int, of _: Part.Type = Part.self) -> Identifier<Part>? {
        Identifier<Part>("\(text).\(number)")
    }

    /// Longest name, bytes.
    package static var maximumBytes: Int { 128 }

    package static func < (a: Self, b: Self) -> Bool { a.text < b.text }

    package var description: String { text }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }
}

package typealias CardID = Identifier<Card>
package typealias RoleID = Identifier<Role>
package typealias SeatID = Identifier<Seat>
package typealias TeamID = Identifier<Team>
package typealias DepartmentID = Identifier<Department>
package typealias EnvironmentID = Identifier<ModelEnvironment>
package typealias DialectID = Identifier<Dialect>
/// Groups the cards of one epic in one rock, so that epics of one rock never meet.
package typealias BuildID = Identifier<Build>
/// One run of an epic, rock or issue, also across restarts.
package typealias SessionID = Identifier<Session>

/// What a `BuildID` names; it has no value of its own.
package enum Build {}

/// What a `SessionID` names; it has no value of its own.
package enum Session {}

extension Identifier where Subject == Build {
    /// The build of an epic that is run by itself: `build-<epic>`; in a rock: `build-<rock>-<epic>`. Two epics of a rock,
    /// and one epic in two rocks, have different builds. Nil when it would be too long.
    package init?(epic: CardID, rock: CardID? = nil) {
        self.init("build-" + (rock.map { $0.text + "-" } ?? "") + epic.text)
    }
}

extension Identifier where Subject == Role {
    /// Who may finish an issue: the role that the reviewing seat holds.
    package static let integrityGuard = Self(unchecked: "integrity_guard")
}

extension Identifier where Subject == Department {
    /// The department of cards that name none.
    package static let core = Self(unchecked: "core")
}

extension Identifier where Subject == Seat {
    /// The seat of issues that name none.
    package static let standard = Self(unchecked: "standard")
}
