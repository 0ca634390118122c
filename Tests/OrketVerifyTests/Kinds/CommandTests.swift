import OrketCore
import OrketVerify
import Testing

/// Plans of commands in the real sandbox.
@Suite("Fixtures of kind command", .serialized)
struct CommandTests {
    private static func yaml(wall: String = "20s", hidden: Bool = false) -> String {
        """
        schema: 1
        id: notes
        kind: command
        why: a program that keeps notes in a file
        language: python
        source: notes.py
        limits: {wall: \(wall), output: 1MiB}
        files:
          - {path: config.json, text: '{"title": "list"}'}
        setup:
          - argv: [python3, -B, notes.py, init]
        steps:
          - id: add
            argv: [python3, -B, notes.py, add, milk]
            expect:
              stdout: {lines: [added milk]}
              stderr: ""
              files:
                - {path: notes.json, json: [{path: '$.notes', length: 1}, {path: '$.notes[0]', equals: milk}]}
          - id: list
            argv: [python3, -B, notes.py, list]
            hidden: \(hidden)
            expect:
              stdout: {contains: '"title"', regex: '^\\{"title": "list", .*\\}$'}
              json:
                - {path: $.title, equals: list}
                - {path: $.count, equals: 1, type: integer}
          - id: bad
            argv: [python3, -B, notes.py, frobnicate]
            expect:
              exit: 2
              stderr: {contains: [usage, frobnicate]}
              files: [{path: core, exists: false}]

        """
    }

    /// The program; `change` stands at its start.
    private static func notes(_ change: String = "") -> String {
        """
        from json import dumps, load
        from sys import argv, exit, stderr
        def keep(notes): open("notes.json", "w").write(dumps({"notes": notes}))
        def told(): return load(open("notes.json"))["notes"]
        def title(): return load(open("config.json"))["title"]
        \(change)
        if argv[1] == "init": keep([])
        elif argv[1] == "add":
            keep(told() + [argv[2]])
            print("added", argv[2])
        elif argv[1] == "list": print(dumps({"title": title(), "count": len(told())}))
        else:
            print("usage: init, add, list; not", argv[1], file=stderr)
            exit(2)

        """
    }

    @Test("an honest program passes, every other fails for what it did", .timeLimit(.minutes(20)))
    func candidates() async throws {
        let wanted = [
            Wanted("honest", .passed, Self.notes()),
            Wanted(
                "keeps nothing", .failed, .wrongOutput, "step add: $.notes of the file notes.json has the length 0",
                Self.notes("def keep(notes): open('notes.json', 'w').write(dumps({'notes': []}))")),
            Wanted(
                "writes no file", .failed, .nonzeroExit, "step add: the file notes.json is not there",
                Self.notes("def keep(notes): pass\ndef told(): exit(4)")),
            Wanted(
                "counts in a float", .failed, .wrongOutput, "$.count of stdout is a number, not of type integer",
                Self.notes("def len(x): return 1.0")),
            Wanted(
                "succeeds always", .failed, .resultMismatch, "step bad: exit status 0, expected 2",
                Self.notes("def exit(status): pass")),
            Wanted(
                "rewrites the fixture's file", .failed, .wrongOutput, "step list",
                Self.notes("if argv[1] == 'add': open('config.json', 'w').write('{}')\ndef title(): return 'mine'")),
            Wanted(
                "no JSON", .failed, .wrongOutput, "stdout is no JSON: byte",
                Self.notes(
                    "def dumps(x): return '{\"notes\": [\"milk\"]}' if 'notes' in x else '{\"title\": \"list\", }'")),
            Wanted(
                "cannot be set up", .failed, .compileError, "exit status 9", Self.notes("if argv[1] == 'init': exit(9)")
            ),
            Wanted(
                "leaves a link", .rejected, .artifactRejected, "step add",
                Self.notes("from os import symlink\nif argv[1] == 'add': symlink('/etc/passwd', 'core')")),
            Wanted(
                "leaves a forbidden file", .failed, .wrongOutput, "the file core is there",
                Self.notes("if argv[1] == 'frobnicate': open('core', 'w')")),
            Wanted(
                "floods", .failed, .outputLimit, "step list", Self.notes("while argv[1] == 'list': print('x' * 9999)")),
            Wanted(
                "hangs", .failed, .wallTime, "step list",
                Self.notes("from time import sleep\nif argv[1] == 'list': sleep(99)")),
            Wanted(
                "fills the disk", .failed, .nonzeroExit, "step add",
                Self.notes("if argv[1] == 'add': open('big', 'w').write('x' * (65 << 20))")),
        ]
        try await KindBench.run([.python]) { bench in
            for item in wanted {
                item.check(try await bench.judge(Self.yaml(wall: item.wall), ["notes.py": item.source]))
            }
        }
    }

    @Test("a file of the fixture is laid anew into every step, and a program's own files are kept")
    func trustedFiles() async throws {
        let honest = Self.notes("if argv[1] == 'add': open('config.json', 'w').write('{\"title\": \"forged\"}')")
        try await KindBench.run([.python]) { bench in
            let report = try await bench.judge(Self.yaml(), ["notes.py": honest])
            #expect(report.outcome == .passed, "\(report.reasons)")
            #expect(report.cases.map(\.id) == ["add", "list", "bad"])
        }
    }

    @Test("a hidden step tells its code alone")
    func hidden() async throws {
        try await KindBench.run([.python]) { bench in
            let report = try await bench.judge(
                Self.yaml(hidden: true), ["notes.py": Self.notes("def len(x): return 'SECRET'")])
            #expect(report.outcome == .failed)
            #expect(Set(report.reasons) == [Reason(.wrongOutput, "step list: a hidden case did not pass")])
            #expect(report.cases[1].actual == nil && report.cases[1].stderr == nil)
        }
    }

    @Test("every defect is found at once, with its place")
    func findings() {
        let found = refusals(
            """
            schema: 1
            id: x
            kind: command
            why: w
            language: bash
            source: c.sh
            files:
              - {path: ../x, text: a}
              - {path: c.sh, text: a}
            setup: [{argv: []}]
            steps:
              - id: a
                argv: [bash, c.sh]
                expect:
                  exit: 256
                  stdout: {regex: "(", zzz: 1}
                  stderr: {}
                  json: [{path: a, type: date}, {path: $.a}]
                  files: [{path: b, exists: false, text: x}]
              - id: a
                argv: [x]
            """, ["c.sh": ""])
        let lines = found.map { $0.prefix { $0 != ":" } }
        #expect(lines == ["7", "8", "10", "15", "16", "16", "17", "18", "18", "18", "19", "20"], "\(found)")
    }
}
