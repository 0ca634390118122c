package import OrketCore

/// One program of the hostile corpus: what it tries, how its run must end, and the control run that proves the attack real.
package struct HostileProgram: Sendable {
    /// The part of the kernel's surface that it attacks; its directory.
    package enum Category: String, Sendable, CaseIterable {
        case filesystem, process, kernel, network, information, resources
    }

    /// What it is written in; the suffix of its file.
    package enum Language: String, Sendable, CaseIterable {
        case c, python = "py", shell = "sh"
    }

    /// How the hostile run must end.
    package enum Expectation: Sendable, Hashable {
        /// The program itself reports that its attempts failed, or the filter killed it.
        case blocked
        /// The host stopped or refused it, with this code as the primary reason.
        case reason(ReasonCode)
        /// It does no harm, or stays below the limit: the run must pass.
        case passed
    }

    /// The second run, in which the attack must succeed; an attack that never can proves nothing about the sandbox.
    package enum Control: Sendable, Hashable {
        /// In the sandbox, with these protections off.
        case without(Set<Protection>)
        /// In the sandbox, with other limits (`key=value`): the attack succeeds, or the run ends with `reason` when given.
        case limits([String], reason: ReasonCode?)
        /// As a bare process of the host.
        case host
        /// In the same sandbox, with ORKET_HONEST set: the honest twin must pass.
        case honest
    }

    /// What this host must offer for both runs to mean something.
    package enum Need: String, Sendable, CaseIterable {
        case root, cgroup, cc32

        /// Why a run that lacks this is left out.
        var sentence: String {
            switch self {
            case .root: "needs root: any other user is refused by the host already, so there would be no control run"
            case .cgroup: "needs a cgroup: without one memory is only sampled, and this user has none (orket doctor)"
            case .cc32: "needs a C compiler that makes 32-bit programs"
            }
        }
    }

    /// `category/name`, unique in the corpus.
    package var name: String
    /// Path of its source.
    package var file: String
    package var title: String
    package var category: Category
    package var language: Language
    /// Rows of the table of known incidents that it covers, such as `c15`.
    package var rows: [String]
    package var expectation: Expectation
    package var control: Control
    package var needs: [Need]
    /// Limits of the hostile run, `key=value`, over those of the policy.
    package var limits: [String]
    /// Files that the supervisor collects after the run.
    package var outputs: [OutputFile]
    /// It leaves a process named as ORKET_SURVIVOR says, and no such process may be found after the run.
    package var watchesSurvivor: Bool
    /// Set where the sandbox has no cgroup: processes are bounded as ever, but the kernel does not always tell that it was
    /// this limit, and then the program's own failure is what there is to see.
    package var isProcessLimitSilent = false

    /// True when `reason`, the primary one of a run, is the one that was promised.
    func fits(_ promised: ReasonCode, _ reason: ReasonCode?) -> Bool {
        reason == promised || isProcessLimitSilent && promised == .processLimit && reason == .nonzeroExit
    }
}

extension HostileProgram {
    /// argv of the program, in a directory that holds it as `deliveredName`. The interpreter is looked up in PATH.
    package var argv: [String] {
        switch language {
        case .c: ["./" + deliveredName]
        case .python: ["python3", deliveredName]
        case .shell: ["sh", deliveredName]
        }
    }

    package var deliveredName: String { language == .c ? "probe" : "probe." + language.rawValue }
}
