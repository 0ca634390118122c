import OrketCore
import Testing

@testable import OrketSandbox

@Suite("The seccomp program")
struct FilterProgramTests {
    private static let native = SeccompCompiler.architecture
    private static let allow = SeccompCompiler.allow
    private static let denied = SeccompCompiler.fail(1)
    private static let unknown = SeccompCompiler.unimplemented

    private func program(_ change: (inout SyscallRules) -> Void = { _ in }) throws -> FilterProgram {
        var rules = TestPolicy.make().syscalls
        change(&rules)
        return try SeccompCompiler.program(rules)
    }

    private func number(_ name: String) throws -> UInt32 {
        UInt32(try #require(try SeccompCompiler.number(name)))
    }

    @Test("gives every call of a group the group's action, and every other number ENOSYS")
    func allNumbers() throws {
        let rules = SyscallRules(
            groups: [
                .init(name: "a", why: "x", action: .allow, calls: ["read", "write", "futex", "rt_sigreturn", "statx"]),
                .init(name: "b", why: "x", action: .deny, calls: ["ptrace", "mount"]),
                .init(name: "c", why: "x", action: .kill, calls: ["kexec_load"]),
                .init(name: "d", why: "x", action: .unimplemented, calls: ["io_uring_setup"]),
            ], socketFamilies: [.unix])
        var expected: [UInt32: UInt32] = [:]
        for name in rules.groups[0].calls { expected[try number(name)] = Self.allow }
        for name in rules.groups[1].calls { expected[try number(name)] = Self.denied }
        expected[try number("kexec_load")] = SeccompCompiler.killProcess
        expected[try number("clone")] = Self.allow
        expected[try number("personality")] = Self.allow
        for name in ["socket", "socketpair"] { expected[try number(name)] = SeccompCompiler.fail(97) }
        let filter = Interpreter(try SeccompCompiler.program(rules))
        for number in UInt32(0)..<1200 {
            #expect(filter.run(number) == expected[number] ?? Self.unknown, "call \(number)")
        }
    }

    @Test("ends a process that makes calls of i386 or x32")
    func foreignCalls() throws {
        let filter = Interpreter(try program())
        let read = try number("read")
        #expect(filter.run(read) == Self.allow)
        #expect(filter.run(read, architecture: 0x4000_0003) == SeccompCompiler.killProcess)
        #expect(filter.run(read | 0x4000_0000) == SeccompCompiler.killProcess)
        #expect(filter.run(0x7fff_ffff) == SeccompCompiler.killProcess)
        #expect(filter.run(0xffff_ffff) == Self.unknown)
    }

    @Test("looks at the low half of arguments only", arguments: [UInt64(0), 0xdead_beef_0000_0000])
    func arguments(high: UInt64) throws {
        let filter = Interpreter(try program())
        let (clone, ioctl) = (try number("clone"), try number("ioctl"))
        #expect(filter.run(clone, [high | 0x0001_0011]) == Self.allow)
        for bit: UInt64 in [0x0002_0000, 0x0200_0000, 0x0400_0000, 0x0800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000] {
            #expect(filter.run(clone, [high | bit | 17]) == Self.denied)
        }
        #expect(filter.run(ioctl, [0, high | 0x5401]) == Self.allow)
        #expect(filter.run(ioctl, [0, high | 0x5412]) == Self.unknown, "TIOCSTI")
        #expect(filter.run(ioctl, [0, high | 0x541c]) == Self.unknown, "TIOCLINUX")
        #expect(filter.run(try number("clone3"), [0]) == Self.unknown)
        #expect(filter.run(try number("personality"), [high | 0xffff_ffff]) == Self.allow)
        #expect(filter.run(try number("personality"), [high | 0x0040_0000]) == Self.unknown)
    }

    @Test("lets a policy's socket families through and no other")
    func families() throws {
        let sockets = try ["socket", "socketpair"].map { try number($0) }
        for families: [SyscallRules.SocketFamily] in [[], [.unix], [.inet6, .inet], [.unix, .inet, .inet6]] {
            let filter = Interpreter(try program { $0.socketFamilies = families })
            let numbers = Set(families.map { $0 == .unix ? 1 : $0 == .inet ? 2 : 10 } as [UInt64])
            for socket in sockets {
                for family in UInt64(0)..<50 {
                    let expected = numbers.contains(family) ? Self.allow : SeccompCompiler.fail(97)
                    #expect(filter.run(socket, [family]) == expected, "family \(family)")
                }
            }
        }
    }

    @Test("jumps far when the ranges are many")
    func longJumps() {
        var decisions: [Int: FilterProgram.Decision] = [:]
        for number in stride(from: 0, to: 2000, by: 2) { decisions[number] = .result(UInt32(number)) }
        let made = FilterProgram(architecture: Self.native, decisions: decisions, fallback: 7, foreign: 9)
        let filter = Interpreter(made)
        #expect(made.instructions.count > 2000)
        for number in UInt32(0)..<2100 {
            #expect(filter.run(number) == (number < 2000 && number % 2 == 0 ? number : 7))
        }
    }

    @Test("refuses a call that nobody knows")
    func unknownName() {
        #expect(throws: SandboxError.self) {
            try program { $0.groups.append(.init(name: "z", why: "x", action: .allow, calls: ["no_such_call"])) }
        }
    }
}

/// Executes the few BPF instructions that a filter is made of, as the kernel would.
private struct Interpreter {
    private let instructions: [FilterProgram.Instruction]

    init(_ program: FilterProgram) { instructions = program.instructions }

    func run(
        _ number: UInt32, _ arguments: [UInt64] = [], architecture: UInt32 = SeccompCompiler.architecture
    ) -> UInt32? {
        var at = 0
        var accumulator: UInt32 = 0
        while at < instructions.count {
            let instruction = instructions[at]
            at += 1
            switch instruction.code {
            case 0x20: accumulator = word(instruction.k, number, arguments, architecture)
            case 0x05: at += Int(instruction.k)
            case 0x06: return instruction.k
            case 0x15, 0x35, 0x45:
                let holds =
                    instruction.code == 0x15
                    ? accumulator == instruction.k
                    : instruction.code == 0x35 ? accumulator >= instruction.k : accumulator & instruction.k != 0
                at += Int(holds ? instruction.jumpTrue : instruction.jumpFalse)
            default: return nil
            }
        }
        return nil
    }

    /// One word of struct seccomp_data.
    private func word(_ offset: UInt32, _ number: UInt32, _ arguments: [UInt64], _ architecture: UInt32) -> UInt32 {
        switch offset {
        case 0: return number
        case 4: return architecture
        default:
            let index = Int(offset - 16) / 8
            let value = index < arguments.count ? arguments[index] : 0
            return offset % 8 == 0 ? UInt32(truncatingIfNeeded: value) : UInt32(truncatingIfNeeded: value >> 32)
        }
    }
}
