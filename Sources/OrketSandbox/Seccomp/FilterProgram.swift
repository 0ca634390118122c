/// A seccomp filter as classic BPF: pure, no kernel, no library.
///
/// The kernel translates and compiles the program anew for every sandbox, and walks it once per call number to see which
/// calls it need not ask about. So its length is what a sandbox pays: neighbours with the same decision become one range,
/// a binary search finds the range, and all ranges with one decision end at the same instruction.
struct FilterProgram: Sendable, Hashable {
    /// struct sock_filter.
    struct Instruction: Sendable, Hashable {
        var code: UInt16
        var jumpTrue: UInt8 = 0
        var jumpFalse: UInt8 = 0
        var k: UInt32
    }

    /// What happens to one call number.
    enum Decision: Sendable, Hashable {
        case result(UInt32)
        /// The low half of an argument is one of `values`: then `match`, else `other`. Only this half is compared where
        /// the kernel reads an int (CVE-2019-10063).
        case oneOf(argument: UInt32, values: [UInt32], match: UInt32, other: UInt32)
        /// The low half of an argument has a bit of `mask`: then `match`, else `other`.
        case anyBit(argument: UInt32, mask: UInt32, match: UInt32, other: UInt32)
    }

    private(set) var instructions: [Instruction] = []

    // Offsets in struct seccomp_data; arguments are 64 bits wide, low half first.
    private static let numberOffset: UInt32 = 0
    private static let architectureOffset: UInt32 = 4
    fileprivate static func lowHalf(_ argument: UInt32) -> UInt32 { 16 + 8 * argument }

    fileprivate static let load: UInt16 = 0x20  // BPF_LD | BPF_W | BPF_ABS
    fileprivate static let jumpEqual: UInt16 = 0x15
    fileprivate static let jumpNotLess: UInt16 = 0x35
    fileprivate static let jumpAnyBit: UInt16 = 0x45
    fileprivate static let jumpAlways: UInt16 = 0x05
    fileprivate static let give: UInt16 = 0x06  // BPF_RET | BPF_K

    /// `decisions` by call number; other numbers get `fallback`; other architectures, and x32's numbers (bit 30), get
    /// `foreign`.
    init(architecture: UInt32, decisions: [Int: Decision], fallback: UInt32, foreign: UInt32) {
        var ranges: [(first: UInt32, decision: Decision)] = [(0, decisions[0] ?? .result(fallback))]
        for number in 1...((decisions.keys.max() ?? 0) + 1) {
            let decision = decisions[number] ?? .result(fallback)
            if decision != ranges[ranges.count - 1].decision { ranges.append((UInt32(number), decision)) }
        }
        var assembly = Assembly()
        let search = assembly.search(ranges[...])
        let refusal = assembly.give(foreign)
        // -1 is nobody's call: what a tracer leaves behind, and what glibc probes with.
        let odd = assembly.test(Self.jumpEqual, 0xffff_ffff, match: search, other: refusal)
        _ = assembly.test(Self.jumpNotLess, 0x4000_0000, match: odd, other: search)
        let native = assembly.append(Instruction(code: Self.load, k: Self.numberOffset))
        _ = assembly.test(Self.jumpEqual, architecture, match: native, other: refusal)
        _ = assembly.append(Instruction(code: Self.load, k: Self.architectureOffset))
        instructions = assembly.reversed.reversed()
    }

    /// Built from its end: jumps lead forward only, so their targets stand already, and equal endings are shared.
    private struct Assembly {
        var reversed: [Instruction] = []
        private var endings: [UInt32: Int] = [:]

        /// Returns where it stands, counted from the end.
        mutating func append(_ instruction: Instruction) -> Int {
            reversed.append(instruction)
            return reversed.count - 1
        }

        /// The end of the walk with this result: one that stands near enough, else a new one.
        mutating func give(_ value: UInt32) -> Int {
            if let place = endings[value], reversed.count - place < 200 { return place }
            let place = append(Instruction(code: FilterProgram.give, k: value))
            endings[value] = place
            return place
        }

        /// A conditional jump reaches 255 instructions; what lies further takes another jump.
        mutating func test(_ code: UInt16, _ k: UInt32, match: Int, other: Int) -> Int {
            let match = reachable(match)
            // One instruction more may have come between.
            let other = reachable(other)
            return append(
                Instruction(
                    code: code, jumpTrue: UInt8(reversed.count - match - 1),
                    jumpFalse: UInt8(reversed.count - other - 1),
                    k: k))
        }

        private mutating func reachable(_ target: Int) -> Int {
            reversed.count - target <= 250
                ? target : append(Instruction(code: FilterProgram.jumpAlways, k: UInt32(reversed.count - target - 1)))
        }

        mutating func search(_ ranges: ArraySlice<(first: UInt32, decision: Decision)>) -> Int {
            if ranges.count == 1 { return leaf(ranges.first!.decision) }
            let middle = ranges.startIndex + ranges.count / 2
            let above = search(ranges[middle...])
            let below = search(ranges[..<middle])
            return test(FilterProgram.jumpNotLess, ranges[middle].first, match: above, other: below)
        }

        private mutating func leaf(_ decision: Decision) -> Int {
            switch decision {
            case .result(let value): return give(value)
            case .oneOf(_, let values, _, let other) where values.isEmpty: return give(other)
            case .oneOf(let argument, let values, let match, let other):
                let match = give(match)
                var next = give(other)
                for value in values.reversed() {
                    next = test(FilterProgram.jumpEqual, value, match: match, other: next)
                }
                return append(Instruction(code: FilterProgram.load, k: FilterProgram.lowHalf(argument)))
            case .anyBit(let argument, let mask, let match, let other):
                let (match, other) = (give(match), give(other))
                _ = test(FilterProgram.jumpAnyBit, mask, match: match, other: other)
                return append(Instruction(code: FilterProgram.load, k: FilterProgram.lowHalf(argument)))
            }
        }
    }

    /// As the kernel takes them: 8 bytes an instruction, little-endian.
    var bytes: [UInt8] {
        var writer = ByteWriter()
        for instruction in instructions {
            writer.u16(instruction.code)
            writer.u16(UInt16(instruction.jumpTrue) | UInt16(instruction.jumpFalse) << 8)
            writer.u32(instruction.k)
        }
        return writer.bytes
    }
}
