/// What /proc shows this process, parsed from the mount table.
package struct ProcFacts: Sendable, Hashable {
    package var isMounted: Bool
    /// Mounts that hide parts of /proc, as containers make them. An ordinary user gets no /proc of its own while there
    /// are any: the kernel would reveal what they hide.
    package var coveredPaths: [String]
    /// Value of the hidepid option; nil when it is off.
    package var hidepid: String?
    /// The mount shows processes only (`subset=pid`): everything else that Orket reads is missing.
    package var showsOnlyProcesses: Bool

    package init(_ table: MountTable) {
        let mount = table.visible(at: "/proc")
        isMounted = mount?.type == "proc"
        // The kernel itself keeps that directory empty for mounts, so covering it hides nothing.
        coveredPaths = table.below("/proc").map(\.point).filter { $0 != "/proc/sys/fs/binfmt_misc" }
        hidepid = mount?.options.first { $0.hasPrefix("hidepid=") }.map { String($0.dropFirst("hidepid=".count)) }
        if hidepid == "0" || hidepid == "off" { hidepid = nil }
        showsOnlyProcesses = mount?.options.contains("subset=pid") ?? false
    }
}
