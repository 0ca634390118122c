import OrketCLI
import OrketCore
import OrketSystem

/// Hosts with one thing wrong, and what the doctor must say of each.
extension DoctorReportTests.Defect {
    typealias Defect = DoctorReportTests.Defect

    private static let unfiltered =
        "run outside this container, or start it with --security-opt seccomp=unconfined"
    private static let userScope = "systemd-run --user --scope -p Delegate=yes orket ..."

    static let kernel: [Defect] = [
        Defect("kernel.release", .fail, level: .filters, repair: "boot a kernel of Linux 5.14 or newer") {
            $0.features.release = KernelRelease("5.10.0-30-amd64")
        },
        Defect("kernel.release", .skipped, level: .cgroups, repair: nil) { $0.features.release = nil },
        Defect("kernel.machine", .caution, level: .cgroups, repair: nil) { $0.features.machine = "aarch64" },
        Defect("call.openat2", .fail, level: .filters, repair: unfiltered) {
            $0.features.obstacles[.openat2] = "Operation not permitted"
        },
        Defect("call.seccomp", .fail, level: .limits, repair: unfiltered) {
            $0.features.obstacles[.seccompKillProcess] = "Operation not supported"
        },
        Defect("call.unshare", .fail, level: .filters, repair: unfiltered) {
            $0.features.obstacles[.unshareUser] = "Operation not permitted"
        },
        // Debian's kernels ask their switch before the arguments.
        Defect("call.unshare", .skipped, level: .cgroups, repair: nil) {
            $0.features.obstacles[.unshareUser] = "Operation not permitted"
            $0.features.namespaces.unprivilegedClone = false
        },
        Defect("call.mount_setattr", .fail, level: .filters, repair: "boot Linux 5.12 or newer") {
            $0.features.release = KernelRelease("5.10.0")
            $0.features.obstacles[.mountSetattr] = "Function not implemented"
        },
        Defect("seccomp.actions", .fail, level: .limits, repair: "boot a kernel with CONFIG_SECCOMP_FILTER") {
            $0.features.seccompActions = ["allow", "errno"]
        },
        Defect("seccomp.actions", .skipped, level: .cgroups, repair: nil) { $0.features.seccompActions = nil },
        Defect("seccomp.outside", .caution, level: .cgroups, repair: nil) { $0.features.isFiltered = true },
        Defect("landlock", .pass, level: .cgroups, repair: nil) { $0.features.landlock = .abi(2) },
        Defect(
            "landlock", .caution, level: .cgroups,
            repair: "add landlock to the kernel's lsm= boot parameter (CONFIG_SECURITY_LANDLOCK)"
        ) { $0.features.landlock = .absent(reason: "built in, not switched on at boot") },
    ]

    static let namespaces: [Defect] = [
        Defect("namespaces.kinds", .fail, level: .filters, repair: "boot a kernel with CONFIG_USER_NS") {
            $0.features.namespaces.kinds.remove("user")
        },
        Defect(
            "namespaces.user", .fail, level: .filters, repair: "sudo sysctl -w kernel.unprivileged_userns_clone=1"
        ) {
            $0.tries = [:]
            $0.features.namespaces.unprivilegedClone = false
        },
        Defect("namespaces.user", .pass, level: .cgroups, repair: nil, userID: 0) {
            $0.tries = [:]
            $0.features.namespaces.unprivilegedClone = false
            $0.features.namespaces.appArmorRestricts = true
        },
        Defect(
            "namespaces.user", .fail, level: .filters,
            repair: "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
        ) {
            $0.tries = [:]
            $0.features.namespaces.appArmorRestricts = true
        },
        Defect(
            "namespaces.limits", .fail, level: .filters, repair: "sysctl -w user.max_user_namespaces=16384", userID: 0
        ) { $0.features.namespaces.limits["user"] = 0 },
        Defect(
            "namespaces.limits", .caution, level: .cgroups, repair: "sudo sysctl -w user.max_net_namespaces=16384"
        ) { $0.features.namespaces.limits["net"] = 20 },
        Defect(
            "namespaces.chroot", .fail, level: .filters,
            repair: "enter the tree by systemd-nspawn or bwrap instead, which make it the real root", userID: 0
        ) { $0.features.namespaces.isChrooted = true },
        Defect("proc.mounted", .fail, level: .filters, repair: "sudo mount -t proc proc /proc") {
            $0.features.proc.isMounted = false
        },
        Defect(
            "proc.visible", .fail, level: .filters,
            repair: "start the container with --security-opt systempaths=unconfined"
        ) { $0.features.proc.coveredPaths = ["/proc/kcore"] },
        Defect(
            "proc.visible", .caution, level: .cgroups,
            repair: "start the container with --security-opt systempaths=unconfined", userID: 0
        ) { $0.features.proc.coveredPaths = ["/proc/kcore"] },
        Defect(
            "proc.visible", .fail, level: .filters,
            repair: "start the container with --security-opt systempaths=unconfined", userID: 0
        ) {
            $0.features.isInitialUserNamespace = false
            $0.features.proc.coveredPaths = ["/proc/kcore"]
        },
        Defect("proc.hidepid", .fail, level: .filters, repair: "sudo mount -o remount,hidepid=0 /proc") {
            $0.features.proc.hidepid = "2"
        },
        Defect("proc.hidepid", .pass, level: .cgroups, repair: nil, userID: 0) { $0.features.proc.hidepid = "2" },
    ]

    static let cgroups: [Defect] = [
        Defect("cgroups.memory", .caution, level: .namespaces, repair: userScope) {
            $0.features.cgroups.places[0].obstacle = "mkdir: Permission denied"
        },
        Defect("cgroups.pids", .caution, level: .namespaces, repair: userScope) {
            $0.features.cgroups.places[0].controllers = ["cpu", "memory"]
        },
        Defect(
            "cgroups.alone", .caution, level: .namespaces, repair: "systemd-run --scope -p Delegate=yes orket ...",
            userID: 0
        ) { $0.features.cgroups.neighbours = 3 },
        Defect(
            "cgroups.memory", .caution, level: .namespaces,
            repair: "start the container with --cgroupns=private and /sys/fs/cgroup writable"
                + " (-v /sys/fs/cgroup:/sys/fs/cgroup:rw)"
        ) {
            $0.features.cgroups.places[0].obstacle = "mkdir: Read-only file system"
            $0.features.cgroups.places[0].isReadOnly = true
        },
        Defect("cgroups.memory", .caution, level: .namespaces, repair: "boot with cgroup_enable=memory") {
            $0.features.cgroups = CgroupFacts(mode: .v1, countsSwap: true)
        },
        Defect("cgroups.cpu", .caution, level: .cgroups, repair: "boot with cgroup_enable=cpu") {
            let places = ["memory", "pids"].map {
                CgroupFacts.Place(controllers: [$0], path: "/sys/fs/cgroup/\($0)")
            }
            $0.features.cgroups = CgroupFacts(mode: .v1, places: places, countsSwap: true)
        },
        Defect("cgroups.swap", .caution, level: .namespaces, repair: "sudo swapoff -a (or boot with swapaccount=1)") {
            $0.features.cgroups.countsSwap = false
        },
        Defect("cgroups.swap", .pass, level: .cgroups, repair: nil) {
            $0.features.cgroups.countsSwap = false
            $0.features.cgroups.hasSwap = false
        },
    ]

    static let programs: [Defect] = [
        Defect(
            "program.orket-jail", .fail, level: .none, repair: "install orket-jail into the same directory as orket"
        ) { $0.jail?.isExecutable = false },
        Defect("program.orket-jail", .skipped, level: .cgroups, repair: nil) { $0.jail = nil },
        Defect("toolchain.python", .caution, level: .cgroups, repair: "apt-get install -y python3", userID: 0) {
            $0.programs["python"] = nil
        },
        Defect(
            "toolchain.swift", .caution, level: .cgroups, repair: "unpack a toolchain from swift.org into /opt/swift"
        ) { $0.programs["swift"] = nil },
    ]
}
