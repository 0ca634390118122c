import OrketAttest
import OrketCore
import OrketTestSupport
import Testing

@Suite("Hash chain")
struct HashChainTests {
    private static func link(_ sequence: Int64, after previous: HexDigest, body: String? = nil) throws -> ChainLink {
        var random = SeededGenerator(seed: UInt64(sequence))
        return ChainLink(
            previousHash: previous, sequence: sequence, id: EvidenceID(milliseconds: sequence, using: &random),
            recordedAtMs: 1_795_000_000_000 + sequence, body: body ?? "{\"n\":\(sequence)}")
    }

    /// `count` records that hold.
    private static func chain(_ count: Int64) throws -> [HashChain.Entry] {
        var entries: [HashChain.Entry] = []
        for sequence in 0..<count {
            let link = try link(sequence + 1, after: entries.last?.hash ?? .zero)
            entries.append(HashChain.Entry(link, hash: HashChain.hash(of: link)))
        }
        return entries
    }

    private static func head(_ entries: [HashChain.Entry]) throws -> ChainHead {
        try ChainHead(length: Int64(entries.count), hash: entries.last?.hash ?? .zero)
    }

    @Test("a chain that nobody touched holds, with and without its signed head", arguments: [0, 1, 2, 20] as [Int64])
    func holds(count: Int64) throws {
        let chain = try Self.chain(count)
        #expect(HashChain.firstBreak(in: chain) == nil)
        #expect(HashChain.firstBreak(in: chain, signed: try Self.head(chain)) == nil)
        // What was added after the head was signed is no break.
        #expect(HashChain.firstBreak(in: chain, signed: try Self.head(Array(chain.dropLast()))) == nil)
    }

    @Test("the first broken place is named, wherever it is", arguments: 0..<5)
    func broken(index: Int) throws {
        let chain = try Self.chain(5)
        let place = Int64(index + 1)
        func changed(_ change: (inout HashChain.Entry) -> Void) -> Int64? {
            var entries = chain
            change(&entries[index])
            return HashChain.firstBreak(in: entries)?.sequence
        }
        #expect(changed { $0.link.body += " " } == place)
        #expect(changed { $0.link.recordedAtMs += 1 } == place)
        #expect(changed { $0.link.previousHash = Samples.digest("x") } == place)
        #expect(changed { $0.hash = Samples.digest("x") } == place)
        #expect(changed { $0.link.sequence += 1 } == place)
        // A record that was rewritten with its hash: the next one does not follow it.
        let rewritten = changed {
            $0.link.body = "{}"
            $0.hash = HashChain.hash(of: $0.link)
        }
        #expect(rewritten == (index == 4 ? nil : place + 1))
        var missing = chain
        missing.remove(at: index)
        #expect(HashChain.firstBreak(in: missing)?.sequence == (index == 4 ? nil : place))
        var twice = chain
        twice.insert(chain[index], at: index)
        #expect(HashChain.firstBreak(in: twice)?.sequence == place + 1)
    }

    @Test("only the signed head shows that the end was cut off, or that all was written anew")
    func head() throws {
        let chain = try Self.chain(5)
        let head = try Self.head(chain)
        let cut = Array(chain.prefix(3))
        #expect(HashChain.firstBreak(in: cut) == nil)
        #expect(HashChain.firstBreak(in: cut, signed: head)?.sequence == 4)
        #expect(HashChain.firstBreak(in: [], signed: head)?.sequence == 1)
        var anew: [HashChain.Entry] = []
        for sequence in 1...6 as ClosedRange<Int64> {
            let link = try Self.link(sequence, after: anew.last?.hash ?? .zero, body: "other")
            anew.append(HashChain.Entry(link, hash: HashChain.hash(of: link)))
        }
        #expect(HashChain.firstBreak(in: anew) == nil)
        #expect(HashChain.firstBreak(in: anew, signed: head)?.sequence == 5)
    }

    @Test("a head is read back as it was signed, and nothing else is read as one")
    func statement() throws {
        for chain in [try Self.chain(3), []] {
            let head = try Self.head(chain)
            let envelope = try Envelope(decoding: try head.envelope(signedBy: Samples.key()).bytes)
            let payload = try #require(envelope.verified(by: [Samples.key().publicKey]))
            #expect(try ChainHead(payload) == head)
            #expect(envelope.verified(by: [try Samples.key(1).publicKey]) == nil)
        }
        let receipt = try Receipt(Samples.facts(), signedBy: Samples.key()).envelopes[0]
        let payload = try #require(receipt.verified(by: [Samples.key().publicKey]))
        #expect(throws: AttestError.self) { try ChainHead(payload) }
        #expect(throws: AttestError.self) { try ChainHead(length: 0, hash: Samples.digest("x")) }
        #expect(throws: AttestError.self) { try ChainHead(length: 1, hash: .zero) }
        #expect(throws: AttestError.self) { try ChainHead(length: -1, hash: .zero) }
    }

    @Test("the hash is SHA-256 over lengths and fields, as ChainLink describes")
    func golden() throws {
        let id = try #require(EvidenceID("01990000-0000-7000-8000-000000000001"))
        let link = ChainLink(
            previousHash: .zero, sequence: 1, id: id, recordedAtMs: 1_795_000_000_000, body: #"{"n":1}"#)
        #expect(HashChain.hash(of: link).text == Golden.chainHash)
    }
}
