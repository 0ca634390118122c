internal import OrketSystem

extension HostFacts {
    /// The same facts as a running supervisor has, without starting anything: for showing a plan. Whether cgroups can be had
    /// is told from their permissions, not tried.
    package static func probe() -> HostFacts {
        let status = (try? Files.text("/proc/self/status")) ?? ""
        let capabilities = ControlFile.field("CapEff", in: status).flatMap { UInt64($0, radix: 16) } ?? 0
        let layout = CgroupLayout.ofThisProcess()
        let places = layout.map { Array($0.directories.values) } ?? []
        let closed = places.first { !Files.isWritable($0) }
        return HostFacts(
            landlockABI: KernelCalls.landlockABI(), cgroupVersion: closed == nil ? layout?.version : nil,
            cgroupReason: closed.map { "this user may not make cgroups in \($0)" }
                ?? "no memory cgroup controller is mounted",
            isRootless: capabilities & sysAdmin == 0, pathExists: { Files.exists($0) })
    }

    /// CAP_SYS_ADMIN as a bit of the capability sets.
    private static let sysAdmin: UInt64 = 1 << 21
}
