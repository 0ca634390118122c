package import OrketCore

extension HashChain {
    /// The hash of a record, which covers the hash of the one before it.
    package static func hash(of link: ChainLink) -> HexDigest { HexDigest(sha256: link.bytes) }

    /// Takes the next record.
    package mutating func append(_ entry: Entry) throws(Break) { try append(entry) { HexDigest(sha256: $0) } }

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
