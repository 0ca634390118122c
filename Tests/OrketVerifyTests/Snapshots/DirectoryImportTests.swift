import Glibc
import OrketCore
import OrketSystem
import OrketVerify
import Testing

@Suite("Import of files and directories")
struct DirectoryImportTests {
    /// docs/snapshots.md in another language: the digest of a directory.
    static let oracle = """
        os.chdir(sys.argv[1]); lines = []
        for top, dirs, files in os.walk(b'.'):
            for name in dirs + files:
                full = os.path.join(top, name); path = full[2:]
                if os.path.islink(full): kind, data = b'l', os.readlink(full)
                elif os.path.isdir(full): lines.append((path, b'd - 0 ' + path + b'\\n')); continue
                else: kind, data = b'x' if os.stat(full).st_mode & 0o111 else b'f', open(full, 'rb').read()
                digest = hashlib.sha256(data).hexdigest().encode()
                lines.append((path, b'%s %s %d %s\\n' % (kind, digest, len(data), path)))
        text = b'orket.snapshot/1\\n' + b''.join(line for _, line in sorted(lines))
        print(hashlib.sha256(text).hexdigest(), end='')
        """

    private static let tree = """
        mkdir -p c/src/deep c/empty c/.github
        printf 'print(1)\\n' > c/src/main.py; printf '#!/bin/sh\\n' > c/run; chmod 755 c/run
        : > c/src/a.b; printf x > c/src/a; ln -s ../run c/src/link; ln -s nowhere c/src/dangling; ln -s . c/src/deep/here
        printf y > 'c/naïve name'; printf z > c/.github/.gitignore
        """

    @Test("the digest is that of the documented encoding, and the blob of that name is the encoding")
    func digest() throws {
        let place = try SnapshotPlace()
        try place.shell(Self.tree)
        let snapshot = try place.importing("c")
        #expect(try place.python(Self.oracle, "c") == snapshot.digest)
        #expect(try place.store.read(snapshot.digest, limit: 1 << 20) == snapshot.encoding)
        #expect(snapshot.entries.count == 13)
        #expect(snapshot.notes == [])
        #expect(snapshot.totalBytes == 36)
        try place.shell("touch c/src/a; chmod 700 c/run")
        #expect(try place.importing("c").digest == snapshot.digest, "times and other modes do not count")
        for change in [
            "chmod 644 c/run", "rmdir c/empty", "mv c/src/a c/src/A", "ln -sf run c/src/link", "printf X > c/src/a",
        ] {
            try place.shell("rm -rf c\n" + Self.tree + "\n" + change)
            #expect(try place.importing("c").digest != snapshot.digest, "\(change)")
        }
    }

    @Test("the inputs of a run are the tree that was hashed, also when the source is gone")
    func inputs() throws {
        let place = try SnapshotPlace()
        try place.shell(Self.tree)
        let snapshot = try place.importing("c")
        try place.shell("rm -rf c; mkdir c; printf evil > c/run")
        let inputs = try snapshot.inputs(from: place.store)
        #expect(inputs.map(\.path) == snapshot.entries.map(\.name))
        let run = try #require(inputs.first { $0.path == "run" })
        #expect(run.executable && run.bytes == Array("#!/bin/sh\n".utf8))
        let link = try #require(inputs.first { $0.path == "src/link" })
        #expect(link.kind == .link && link.bytes == Array("../run".utf8))
        #expect(inputs.first { $0.path == "empty" }?.kind == .directory)
        try place.shell(
            "find store/objects -type f -size 10c -exec sh -c 'chmod 644 $0; printf 0123456789 > $0' {} \\;")
        #expect(throws: StorageError.self) { try snapshot.inputs(from: place.store) }
    }

    @Test("a single file is a candidate of that name; an empty directory is a candidate of nothing")
    func small() throws {
        let place = try SnapshotPlace()
        try place.shell("printf 'x = 1\\n' > solution.py; mkdir none; ln -s solution.py named; ln solution.py other")
        #expect(try place.contents(place.importing("solution.py")) == ["solution.py": "x = 1\n"])
        #expect(
            try place.contents(place.importing("named")) == ["named": "x = 1\n"], "the caller's own path is followed")
        #expect(try place.importing("none").encoding == Array("orket.snapshot/1\n".utf8))
        #expect(try place.findings("absent") == ["cannot be opened: No such file or directory"])
    }

    @Test("git's own data is left out, and that is said")
    func gitDirectory() throws {
        let place = try SnapshotPlace()
        try place.shell(
            "mkdir -p c/.git/hooks c/sub; mkfifo c/.git/pipe; printf x > c/a; printf 'gitdir: /' > c/sub/.git")
        let snapshot = try place.importing("c")
        #expect(snapshot.entries.map(\.name) == ["a", "sub"])
        #expect(snapshot.notes.map { $0.prefix { $0 != " " } } == ["\".git\"", "\"sub/.git\""])
    }

    @Test("everything that is no file, directory or inner link is found at once, and nothing is stored")
    func hostileTree() throws {
        let place = try SnapshotPlace()
        try place.python(
            """
            os.makedirs('c/d'); os.chdir('c')
            def file(name): open(name, 'w').write('x')
            os.mkfifo('fifo'); s = socket.socket(socket.AF_UNIX); s.bind('socket')
            file('setuid'); os.chmod('setuid', 0o4755); file('setgid'); os.chmod('setgid', 0o2755)
            file('one'); os.link('one', 'two')
            os.symlink('/etc/passwd', 'absolute'); os.symlink('d/../../x', 'd/up'); os.symlink('..', 'd/top')
            os.symlink('d/top/../x', 'detour'); os.symlink('b', 'a'); os.symlink('a', 'b')
            os.symlink('bad\\nname', 'strange'); os.symlink('y' * 1025, 'long')
            file('line\\nbreak'); file('esc\\033[2J'); file('\\u202egnp.exe'); file(b'bad\\xff')
            file('Case'); file('case'); file('\\u00e9'); file('e\\u0301'); file('stra\\u00dfe'); file('STRASSE')
            file('n' * 255)
            """)
        let found = try place.findings("c")
        let expected = [
            "\"Case\"": 0, "\"case\": differs from \"Case\" only in case or in Unicode form": 1,
            "\"straße\": differs from \"STRASSE\" only in case or in Unicode form": 1,
            "\"é\": differs from \"e\u{301}\" only in case or in Unicode form": 1,
            "\"fifo\": is a FIFO": 1, "\"socket\": is a socket": 1,
            "\"setuid\": has a setuid or setgid bit; take it away (chmod ug-s)": 1,
            "\"setgid\": has a setuid or setgid bit; take it away (chmod ug-s)": 1,
            "\"one\": has 2 hard links; copy it": 1, "\"two\": has 2 hard links; copy it": 1,
            "\"absolute\": a link to \"/etc/passwd\", which is absolute": 1,
            "\"d/up\": a link to \"d/../../x\", which leads out of the candidate": 0,
            "\"detour\": a link to \"d/top/../x\", which leads out of the candidate": 1,
            "\"a\": a link to \"b\", which leads in a circle, or over more than 40 links": 1,
            "\"strange\": a link to \"bad\\nname\", which is no clean text": 1,
            "\"long\": a link with more than 1024 bytes of target": 1,
            "\"line\\nbreak\": a path with a control character": 1,
            "\"esc\\u{1b}[2J\": a path with a control character": 1,
            "\"\\u{202e}gnp.exe\": a path with a control character": 1,
            "\"bad\u{fffd}\": a name that is not UTF-8": 1,
        ]
        for (message, count) in expected {
            #expect(found.count { $0.unicodeScalars.elementsEqual(message.unicodeScalars) } == count, "\(message)")
        }
        #expect(found.count == 19, "\(found.joined(separator: "\n"))")
        #expect(try place.blobs().isEmpty)
    }

    @Test("caps: what exceeds one is refused, what meets it is not")
    func caps() throws {
        let place = try SnapshotPlace()
        try place.shell("mkdir -p c/a/b; printf 12345 > c/a/b/f; printf 123 > c/g")
        #expect(
            try place.findings("c") {
                $0.entries = 4; $0.depth = 3; $0.fileBytes = 5; $0.totalBytes = 8; $0.pathBytes = 5
            } == [])
        #expect(try place.findings("c") { $0.entries = 3 } == ["more than 3 entries"])
        #expect(try place.findings("c") { $0.depth = 2 } == ["\"a/b/f\": deeper than 2 components"])
        #expect(try place.findings("c") { $0.fileBytes = 4 } == ["\"a/b/f\": more than 4 bytes in one file"])
        #expect(try place.findings("c") { $0.totalBytes = 7 } == ["more than 7 bytes in all files together"])
        #expect(try place.findings("c") { $0.pathBytes = 4 } == ["\"a/b/f\": a path longer than 4 bytes"])
    }

    @Test("of many findings the first hundred are listed, and the rest counted")
    func manyFindings() throws {
        let place = try SnapshotPlace()
        try place.shell("mkdir c; for i in $(seq 1 140); do mkfifo c/$i; done")
        let found = try place.findings("c")
        #expect(found.count == 101)
        #expect(found.last == "and 40 more findings")
    }

    @Test("names beneath a mount point are refused", .enabled(if: Process.userID == 0))
    func mountPoint() throws {
        let place = try SnapshotPlace()
        let script = """
            mkdir -p "$1/c/mnt"; mount -t tmpfs none "$1/c/mnt"
            "$2" import "$1/store" "$1/c"
            """
        let end = try SnapshotPlace.run([
            "/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec", script, "sh", place.path,
            SnapshotPlace.driver,
        ])
        #expect(end.text.contains("refused \(place.path)/c: \"mnt\": lies on another file system"), "\(end.text)")
        #expect(end.status == 2 << 8)
    }
}
