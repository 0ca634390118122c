/// Policies for tests: good ones, and ones with one defect each.
enum PolicySamples {
    /// Names every key that there is.
    static let complete = """
        schema: 1
        name: sample
        abstract: false
        extends: default
        why: shows every key
        minimumLevel: 4
        allowDegraded:
          - landlock
          - {name: cgroup_cpu, why: not everywhere}
        limits: {wall: 2s, cpu: 1.5s, idle: 500ms, memory: 64MiB, pids: 16, output: 1KiB, fsize: 1MiB, disk: 4MiB,
          inodes: 100, nofile: 64}
        filesystem:
          mounts:
            - {source: /srv, target: /data, writable: true, optional: true, executable: false, why: data}
            - {source: ./beside, target: /beside, optional: true, why: lies beside the file}
          symlinks:
            - {path: /link, target: data/../data, why: a name}
          files:
            - {path: /etc/motd, text: "", why: empty on purpose}
        environment:
          - {name: GREETING, value: "1", why: says hello}
        passEnvironment:
          - {name: TERM, why: colours}
        network: {mode: loopback, why: a server of its own}
        syscalls:
          sets: [core, files, events, ipc, sockets, denied]
          groups:
            - {name: more, action: kill, calls: [vserver], why: must never be called}
          socketFamilies:
            - {family: unix, why: pairs}
            - {family: inet6, why: loopback}

        """

    static let good = [
        complete, "schema: 1\nextends: default\nwhy: nothing of its own\n",
        "{\"schema\": 1, \"extends\": \"default\", \"why\": \"JSON is YAML\"}\n",
        "schema: 1\nextends: default\nwhy: \"1\"\nenvironment: []\npassEnvironment: []\n",
        "schema: 1\nextends: default\nwhy: x\nsyscalls:\n  socketFamilies: []\n",
    ]

    /// Both the schema and the decoder must refuse these.
    static let bad = [
        ("no schema", "extends: default\nwhy: x\n"), ("no why", "schema: 1\nextends: default\n"),
        ("other schema", "schema: 2\nextends: default\nwhy: x\n"),
        ("schema as text", "schema: \"1\"\nextends: default\nwhy: x\n"),
        ("blank why", "schema: 1\nextends: default\nwhy: \"  \"\n"),
        ("number as why", "schema: 1\nextends: default\nwhy: 7\n"),
        ("a list", "- schema: 1\n"), ("text", "hello\n"), ("nothing as why", "schema: 1\nextends: default\nwhy:\n"),
        ("unknown key", extended("colour: blue")), ("level above all", extended("minimumLevel: 5")),
        ("negative level", extended("minimumLevel: -1")), ("level as text", extended("minimumLevel: \"3\"")),
        ("abstract as text", extended("abstract: \"true\"")), ("word as boolean", extended("abstract: yes")),
        ("unknown protection", extended("allowDegraded: [luck]")),
        ("degraded without why", extended("allowDegraded: [{name: landlock}]")),
        ("degraded as text", extended("allowDegraded: landlock")), ("unknown limit", extended("limits: {speed: 3}")),
        ("limit without unit", extended("limits: {wall: 2}")), ("zero count", extended("limits: {pids: 0}")),
        ("quoted count", extended("limits: {pids: \"5\"}")), ("fraction of a count", extended("limits: {pids: 1.5}")),
        ("count above all", extended("limits: {pids: 32769}")), ("negative", extended("limits: {wall: -2s}")),
        ("no number", extended("limits: {cpu: .nan}")), ("decimal unit", extended("limits: {memory: 5MB}")),
        ("leading zero", extended("limits: {wall: 010s}")), ("limits as list", extended("limits: [wall]")),
        ("mount without why", extended("filesystem: {mounts: [{source: /usr}]}")),
        ("mount without source", extended("filesystem: {mounts: [{target: /a, why: x}]}")),
        ("relative source", extended("filesystem: {mounts: [{source: usr, target: /a, why: x}]}")),
        ("relative target", extended("filesystem: {mounts: [{source: /usr, target: a, why: x}]}")),
        ("writable as number", extended("filesystem: {mounts: [{source: /srv, writable: 1, why: x}]}")),
        ("link without target", extended("filesystem: {symlinks: [{path: /a, why: x}]}")),
        ("file without text", extended("filesystem: {files: [{path: /a, why: x}]}")),
        ("number as text", extended("filesystem: {files: [{path: /a, text: 5, why: x}]}")),
        ("unknown key of a mount", extended("filesystem: {mounts: [{source: /srv, mode: 7, why: x}]}")),
        ("variable with a pattern", extended("environment: [{name: \"A*\", value: x, why: x}]")),
        ("variable that begins with a digit", extended("environment: [{name: 1A, value: x, why: x}]")),
        ("variable without value", extended("environment: [{name: A, why: x}]")),
        ("number as value", extended("environment: [{name: A, value: 1, why: x}]")),
        ("pass as text", extended("passEnvironment: [TERM]")),
        ("unknown network", extended("network: {mode: all, why: x}")),
        ("network without why", extended("network: {mode: none}")),
        ("set with a path", extended("syscalls: {sets: [../core]}")),
        ("unknown action", extended("syscalls: {groups: [{name: a, action: log, calls: [read], why: x}]}")),
        ("group with a bad name", extended("syscalls: {groups: [{name: A B, action: deny, calls: [mount], why: x}]}")),
        ("group without why", extended("syscalls: {groups: [{name: a, action: deny, calls: [mount]}]}")),
        ("unknown family", extended("syscalls: {socketFamilies: [{family: packet, why: x}]}")),
        ("family without why", extended("syscalls: {socketFamilies: [{family: unix}]}")),
    ]

    /// What no schema can say; the decoder must refuse it, with a sentence that holds this word.
    static let beyondSchema = [
        ("unknown system call", extended("syscalls: {groups: [{name: a, action: deny, calls: [flyToMoon], why: x}]}")),
        ("below the smallest", extended("limits: {memory: 5B}")),
        ("above the largest", extended("limits: {wall: 999h}")),
        ("never off", extended("limits: {wall: 0s}")), ("duplicate key", extended("limits: {pids: 5, pids: 6}")),
        ("given twice", extended("passEnvironment: [{name: A, why: x}, {name: A, why: y}]")),
        ("`name` is", extended("name: other")),
        ("never shown", extended("filesystem: {mounts: [{source: /proc, target: /p, why: x}]}")),
        ("makes itself", extended("filesystem: {mounts: [{source: /srv, target: /box/a, why: x}]}")),
        ("component `..`", extended("filesystem: {mounts: [{source: /srv/.., target: /a, why: x}]}")),
        ("both a", extended("filesystem: {files: [{path: /usr, text: a, why: x}]}")),
        ("lies in the mount", extended("filesystem: {files: [{path: /usr/a, text: a, why: x}]}")),
        ("no such policy", "schema: 1\nextends: nowhere\nwhy: x\n"),
        ("no syscall set", extended("syscalls: {sets: [nowhere]}")),
        ("no program can start", extended("syscalls: {groups: [{name: a, action: deny, calls: [execve], why: x}]}")),
        ("runs in a circle", "schema: 1\nextends: ./sample.yaml\nwhy: x\n"),
        ("tags are not", extended("network: !secret {mode: none, why: x}")),
    ]

    private static func extended(_ lines: String) -> String { "schema: 1\nextends: default\nwhy: x\n\(lines)\n" }
}
