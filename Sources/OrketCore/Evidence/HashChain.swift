/// A walk along a chain of evidence records from its first one: takes each record that follows, and refuses the first that
/// does not. Pure, and one hash is all that it keeps.
package struct HashChain: Sendable, Hashable {
    /// Hash of the last record; `HexDigest.zero` before the first.
    package private(set) var head = HexDigest.zero
    /// Records so far; also the number of the last one.
    package private(set) var length: Int64 = 0

    /// The first place where a chain does not hold.
    package struct Break: Error, Sendable, Hashable {
        /// Of the record that should be there, from 1.
        package let sequence: Int64
        /// A sentence without full stop.
        package let reason: String

        /// A place with its reason.
        package init(sequence: Int64, reason: String) {
            self.sequence = sequence
            self.reason = reason
        }
    }

    /// A record with the hash that is claimed for it.
    package struct Entry: Sendable, Hashable {
        package var link: ChainLink
        package var hash: HexDigest

        /// A claim; `HashChain.append` finds out.
        package init(_ link: ChainLink, hash: HexDigest) {
            self.link = link
            self.hash = hash
        }
    }

    /// The chain without a record.
    package init() {}

    /// Takes the next record. `sha256` is the hash function, which this room does not have.
    package mutating func append(_ entry: Entry, sha256: ([UInt8]) -> HexDigest) throws(Break) {
        let next = length + 1
        if entry.link.sequence != next {
            throw Break(sequence: next, reason: "it is missing, record \(entry.link.sequence) stands in its place")
        }
        if entry.link.previousHash != head {
            throw Break(sequence: next, reason: "it follows another record than the one before it")
        }
        if sha256(entry.link.bytes) != entry.hash {
            throw Break(sequence: next, reason: "its content does not fit its hash")
        }
        (head, length) = (entry.hash, next)
    }
}
