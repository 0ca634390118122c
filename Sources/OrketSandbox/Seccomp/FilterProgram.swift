/// A seccomp filter as classic BPF: pure, no kernel, no library.
///
/// The kernel translates and compiles the program anew for every sandbox, and walks it once per call number to see which
/// calls it need not ask about. So its length is what a sandbox pays: neighbours with the same decision become one range,
/// and a binary search finds the range.
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
    private static func lowHalf(_ argument: UInt32) -> UInt32 { 16 + 8 * argument }

    private static let load: UInt16 = 0x20  // BPF_LD | BPF_W | BPF_ABS
    private static let jumpEqual: UInt16 = 0x15
    private static let jumpNotLess: UInt16 = 0x35
    private static let jumpAnyBit: UInt16 = 0x45
    private static let jumpAlways: UInt16 = 0x05
    private static let give: UInt16 = 0x06  // BPF_RET | BPF_K

    /// `decisions` by call number; other numbers get `fallback`; other architectures, and x32's numbers (bit 30), get
    /// `foreign`.
    init(architecture: UInt32, decisions: [Int: Decision], fallback: UInt32, foreign: UInt32) {
        var ranges: [(first: UInt32, decision: Decision)] = [(0, decisions[0] ?? .result(fallback))]
        for number in 1...((decisions.keys.max() ?? 0) + 1) {
            let decision = decisions[number] ?? .result(fallback)
            if decision != ranges[ranges.count - 1].decision { ranges.append((UInt32(number), decision)) }
        }
        instructions = [
            Instruction(code: Self.load, k: Self.architectureOffset),
            Instruction(code: Self.jumpEqual, jumpTrue: 1, k: architecture),
            Instruction(code: Self.give, k: foreign),
            Instruction(code: Self.load, k: Self.numberOffset),
            Instruction(code: Self.jumpNotLess, jumpFalse: 2, k: 0x4000_0000),
            // -1 is nobody's call: what a tracer leaves behind, and what glibc probes with.
            Instruction(code: Self.jumpEqual, jumpTrue: 1, k: 0xffff_ffff),
            Instruction(code: Self.give, k: foreign),
        ]
        instructions += Self.search(ranges[...])
    }

    private static func search(_ ranges: ArraySlice<(first: UInt32, decision: Decision)>) -> [Instruction] {
        if ranges.count == 1 { return leaf(ranges.first!.decision) }
        let middle = ranges.startIndex + ranges.count / 2
        let below = search(ranges[..<middle])
        let above = search(ranges[middle...])
        // A conditional jump reaches 255 instructions.
        let isNear = below.count <= 255
        let test =
            isNear
            ? [Instruction(code: jumpNotLess, jumpTrue: UInt8(below.count), k: ranges[middle].first)]
            : [
                Instruction(code: jumpNotLess, jumpFalse: 1, k: ranges[middle].first),
                Instruction(code: jumpAlways, k: UInt32(below.count)),
            ]
        return test + below + above
    }

    private static func leaf(_ decision: Decision) -> [Instruction] {
        switch decision {
        case .result(let value): return [Instruction(code: give, k: value)]
        case .oneOf(let argument, let values, let match, let other):
            // Each test jumps over the remaining ones and over `other`.
            let tests = values.enumerated().map { index, value in
                Instruction(code: jumpEqual, jumpTrue: UInt8(values.count - index), k: value)
            }
            return [Instruction(code: load, k: lowHalf(argument))] + tests
                + [Instruction(code: give, k: other), Instruction(code: give, k: match)]
        case .anyBit(let argument, let mask, let match, let other):
            return [
                Instruction(code: load, k: lowHalf(argument)),
                Instruction(code: jumpAnyBit, jumpTrue: 1, k: mask),
                Instruction(code: give, k: other), Instruction(code: give, k: match),
            ]
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
