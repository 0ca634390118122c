package import OrketSystem

/// Everything that the doctor decides on. Plain data, so that every host can be written down in a test.
package struct DoctorFacts: Sendable {
    package var features: KernelFeatures
    /// Where each program of `Toolchain.all` was found, by its name; a program that is absent is not in here.
    package var programs: [String: String]
    /// Where the jail program should lie, and whether it can be started; nil when the place is unknown.
    package var jail: Jail?
    /// What a real sandbox showed: name of a protection to `ok` or to the reason why it could not be had. Empty when no
    /// sandbox was tried.
    package var tries: [String: String]

    /// The helper that builds sandboxes.
    package struct Jail: Sendable, Hashable {
        package var path: String
        package var isExecutable: Bool

        package init(path: String, isExecutable: Bool) {
            self.path = path
            self.isExecutable = isExecutable
        }
    }

    package init(
        features: KernelFeatures, programs: [String: String], jail: Jail?, tries: [String: String] = [:]
    ) {
        self.features = features
        self.programs = programs
        self.jail = jail
        self.tries = tries
    }

    /// Looks at this host. `tries` come from a supervisor that built a sandbox for real.
    package static func gather(tries: [String: String]) -> DoctorFacts {
        var programs: [String: String] = [:]
        for tool in Toolchain.all {
            programs[tool.name] = HostPrograms.find(tool.programs, in: tool.directories)
        }
        // The place where the supervisor looks.
        let path = Process.environment("ORKET_JAIL") ?? HostPrograms.ownDirectory().map { $0 + "/orket-jail" }
        let jail = path.map { Jail(path: $0, isExecutable: HostPrograms.isExecutable($0)) }
        return DoctorFacts(features: .probe(), programs: programs, jail: jail, tries: tries)
    }
}
