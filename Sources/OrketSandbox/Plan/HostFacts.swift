package import OrketSystem

/// What the plan compiler must know of the host; gathered once, so that compiling stays pure.
package struct HostFacts: Sendable {
    /// 0 when the kernel has no Landlock.
    package var landlockABI: Int32
    /// nil when this process may not make cgroups; `cgroupReason` says why.
    package var cgroupVersion: CgroupLayout.Version?
    package var cgroupReason: String
    /// True when the supervisor has no privilege and works in a user namespace of its own.
    package var isRootless: Bool
    /// Existing paths among the optional mounts' sources.
    package var pathExists: @Sendable (String) -> Bool

    package init(
        landlockABI: Int32, cgroupVersion: CgroupLayout.Version?, cgroupReason: String = "", isRootless: Bool,
        pathExists: @escaping @Sendable (String) -> Bool
    ) {
        self.landlockABI = landlockABI
        self.cgroupVersion = cgroupVersion
        self.cgroupReason = cgroupReason
        self.isRootless = isRootless
        self.pathExists = pathExists
    }
}
