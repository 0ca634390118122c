/// The system calls a payload may make. Everything that no group names answers ENOSYS, so that a libc falls back.
package struct SyscallRules: Sendable, Codable, Hashable {
    package var groups: [Group]

    /// A set of calls with one reason.
    package struct Group: Sendable, Codable, Hashable {
        package var name: String
        package var why: String
        package var action: Action
        package var calls: [String]

        package init(name: String, why: String, action: Action, calls: [String]) {
            self.name = name
            self.why = why
            self.action = action
            self.calls = calls
        }
    }

    /// `deny` answers EPERM (the call exists, the payload may not); `unimplemented` answers ENOSYS; `kill` ends the process
    /// with SIGSYS, which a result shows as `syscall_denied`.
    package enum Action: String, Sendable, Codable, CaseIterable { case allow, deny, unimplemented, kill }

    /// Address families that socket(2) and socketpair(2) may name; an empty list allows none.
    package var socketFamilies: [SocketFamily]

    /// A family that can be allowed. The list is short on purpose: each family is kernel code within reach.
    package enum SocketFamily: String, Sendable, Codable, CaseIterable {
        case unix, inet, inet6
    }

    package init(groups: [Group] = [], socketFamilies: [SocketFamily] = []) {
        self.groups = groups
        self.socketFamilies = socketFamilies
    }
}
