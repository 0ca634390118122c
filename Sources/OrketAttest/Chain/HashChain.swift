package import OrketCore

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

    /// The hash of a record, which covers the hash of the one before it.
    package static func hash(of link: ChainLink) -> HexDigest { HexDigest(sha256: link.bytes) }

    /// Takes the next record.
    package mutating func append(_ entry: Entry) throws(Break) {
        let next = length + 1
        if entry.link.sequence != next {
            throw Break(sequence: next, reason: "it is missing, record \(entry.link.sequence) stands in its place")
        }
        if entry.link.previousHash != head {
            throw Break(sequence: next, reason: "it follows another record than the one before it")
        }
        if Self.hash(of: entry.link) != entry.hash {
            throw Break(sequence: next, reason: "its content does not fit its hash")
        }
        (head, length) = (entry.hash, next)
    }

    /// Walks along `entries`; nil when all hold. A signed head shows besides that no record up to it was taken from the
    /// end, and that the chain is not another one that holds in itself.
    package static func firstBreak(in entries: some Sequence<Entry>, signed: ChainHead? = nil) -> Break? {
        var chain = HashChain()
        func differs() -> Bool { chain.length == signed?.length && chain.head != signed?.hash }
        do throws(Break) {
            for entry in entries {
                try chain.append(entry)
                if differs() {
                    throw Break(sequence: chain.length, reason: "up to it, this is not the chain whose head was signed")
                }
            }
        } catch { return error }
        guard let signed, chain.length < signed.length else { return nil }
        return Break(sequence: chain.length + 1, reason: "it is missing, the signed head has \(signed.length) records")
    }
}
