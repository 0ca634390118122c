import OrketCore
import Testing

@Suite("Protections and levels")
struct ProtectionTests {
    @Test("each protection has a bit of its own, and all together fill the mask")
    func bits() {
        let bits = Protection.allCases.map(\.bit)
        #expect(bits.allSatisfy { $0.nonzeroBitCount == 1 })
        #expect(Set(bits).count == bits.count)
        #expect(Protection.allMask == bits.reduce(0, |))
        #expect(Protection.allMask == (1 << UInt32(bits.count)) - 1)
        #expect(bits == bits.sorted(), "the order of the cases is the order of the bits")
    }

    @Test("names are lower-case words, and read back")
    func names() {
        for protection in Protection.allCases {
            #expect(protection.rawValue.allSatisfy { $0 == "_" || ("a"..."z").contains($0) })
            #expect(Protection(rawValue: protection.rawValue) == protection)
        }
    }

    @Test("levels are ordered from nothing to everything")
    func levels() {
        let levels: [IsolationLevel] = [.none, .limits, .filters, .namespaces, .cgroups]
        #expect(levels.map(\.rawValue) == [0, 1, 2, 3, 4])
        #expect(levels.shuffled().sorted() == levels)
        #expect(IsolationLevel(rawValue: 5) == nil)
    }
}
