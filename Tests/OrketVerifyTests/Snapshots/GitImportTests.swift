import OrketCore
import OrketVerify
import Testing

@Suite("Import of git trees")
struct GitImportTests {
    private static let commit = "git -c user.name=a -c user.email=a@b -c commit.gpgsign=false commit -qm m"
    private static let tree = """
        export HOME=$PWD
        mkdir -p r/src; cd r; git init -q .
        printf x > plain; printf 'echo\\n' > run; chmod 755 run; ln -s ../run src/link; printf z > 'src/naïve'
        head -c 600000 /dev/urandom > src/data; : > src/none
        """

    @Test("the tree of a commit is what a directory of the same files gives", arguments: ["", "git gc -q"])
    func tree(_ also: String) throws {
        let place = try SnapshotPlace()
        try place.shell(Self.tree + "\ngit add .; \(Self.commit); git tag t; \(also)")
        let directory = try place.importing("r")
        for revision in ["HEAD", "HEAD^{tree}", "t"] {
            let snapshot = try place.importing("git:r@\(revision)")
            #expect(snapshot.digest == directory.digest, "\(revision)")
        }
        try place.shell("cd r; git rm -rqf .; export HOME=$PWD; \(Self.commit) --allow-empty")
        #expect(try place.importing("git:r@HEAD").encoding == Array("orket.snapshot/1\n".utf8))
        #expect(try place.importing("git:r@HEAD~1").digest == directory.digest)
    }

    @Test("what a repository's settings would start is not started, and what they would change is not changed")
    func hostileSettings() throws {
        let place = try SnapshotPlace()
        try place.shell(
            Self.tree + """

                printf '#!/bin/sh\\necho ran >> %s/ran\\ncat 2>&-; exit 0\\n' "$HOME" > ../evil; chmod 755 ../evil
                printf '* filter=evil diff=evil export-subst ident\\n' > .gitattributes; printf '$Id$ $Format:%%H$\\n' > subst
                git add .; \(Self.commit)
                blob=$(printf replaced | git hash-object -w --stdin); git replace "$(git rev-parse HEAD:plain)" "$blob"
                for hook in post-checkout pre-commit reference-transaction post-index-change; do cp ../evil .git/hooks/$hook; done
                for key in core.fsmonitor core.pager core.sshCommand core.editor core.askPass filter.evil.smudge \\
                    filter.evil.clean filter.evil.process diff.evil.textconv diff.external pager.ls-tree pager.cat-file \\
                    alias.ls-tree alias.cat-file core.gitProxy credential.helper uploadpack.packObjectsHook; do
                    git config $key "$HOME/evil"
                done
                rm plain; git checkout -q plain; test -s ../ran; rm ../ran
                [ $(id -u) != 0 ] || chown -R 4242:4242 .
                """)
        let snapshot = try place.importing("git:r@HEAD")
        #expect(try place.shell("ls ran 2>&- || :") == "")
        let contents = try place.contents(snapshot)
        #expect(contents["plain"] == "x" && contents["subst"] == "$Id$ $Format:%H$\n")
    }

    @Test("what is missing is not fetched, by no transport")
    func missingObject() throws {
        let place = try SnapshotPlace()
        try place.shell(
            Self.tree + """

                git add .; \(Self.commit)
                object=$(git rev-parse HEAD:plain); rm -f .git/objects/$(echo $object | cut -c1-2)/$(echo $object | cut -c3-)
                git config core.repositoryFormatVersion 1; git config extensions.partialClone evil
                git config remote.evil.url "ext::sh -c touch% $HOME/ran"; git config remote.evil.promisor true
                git config protocol.ext.allow always
                git cat-file -p HEAD:plain 2>&- || :; test -e ../ran; rm ../ran
                """)
        let found = try place.findings("git:r@HEAD")
        #expect(found == ["\"plain\": is not in the repository; fetch it with git, then import again"])
        #expect(try place.shell("ls ran 2>&- || :") == "")
    }

    @Test("submodules, and names that git itself would not write, are refused")
    func hostileTrees() throws {
        let place = try SnapshotPlace()
        try place.shell(
            Self.tree + """

                git update-index --add --cacheinfo 160000,$(printf '%040d' 1),sub
                git add plain; \(Self.commit)
                """)
        #expect(
            try place.findings("git:r@HEAD") == [
                "\"sub\": is a submodule; import a directory in which it is checked out"
            ])
        let names = try place.python(
            """
            os.chdir('r')
            def write(kind, data):
                data = b'%s %d\\0' % (kind, len(data)) + data; name = hashlib.sha1(data).hexdigest()
                os.makedirs('.git/objects/' + name[:2], exist_ok=True)
                path = '.git/objects/%s/%s' % (name[:2], name[2:])
                if not os.path.exists(path): open(path, 'wb').write(zlib.compress(data))
                return name
            blob = bytes.fromhex(write(b'blob', b'x')); up = bytes.fromhex(write(b'blob', b'../../etc/passwd'))
            def tree(*entries): return write(b'tree', b''.join(m + b' ' + n + b'\\0' + o for m, n, o in entries))
            f = b'100644'
            inner = bytes.fromhex(tree((f, b'passwd', blob)))
            print(tree((b'40000', b'..', inner)), tree((f, b'a/../../b', blob)), tree((f, b'a', blob), (f, b'a', blob)),
                tree((b'120000', b'l', up)), tree((f, b'a\\x1b', blob)), tree((f, b'A', blob), (f, b'a', blob)),
                tree((b'120000', b'd', bytes.fromhex(write(b'blob', b'x'))), (b'40000', b'd', inner)),
                tree((b'40000', b'.git', inner), (f, b'ok', blob)))
            """
        ).split(whereSeparator: \.isWhitespace).map(String.init)
        let expected = [
            "\"../passwd\": a path with '..'", "\"a/../../b\": a path with '..'", "\"a\": is there twice",
            "\"l\": a link to \"../../etc/passwd\", which leads out of the candidate",
            "\"a\\u{1b}\": a path with a control character",
            "\"a\": differs from \"A\" only in case or in Unicode form",
            "\"d\": is there as a directory and as a symbolic link",
        ]
        for (name, message) in zip(names, expected) { #expect(try place.findings("git:r@\(name)") == [message]) }
        #expect(try place.importing("git:r@\(names[7])").notes.count == 1)
    }

    @Test("caps hold for a tree, and for the time that git takes")
    func caps() throws {
        let place = try SnapshotPlace()
        try place.shell(Self.tree + "\ngit add .; \(Self.commit)")
        #expect(
            try place.findings("git:r@HEAD") {
                $0.entries = 7; $0.totalBytes = 600_013
            } == [])
        #expect(try place.findings("git:r@HEAD") { $0.entries = 6 } == ["more than 6 entries"])
        #expect(
            try place.findings("git:r@HEAD") { $0.fileBytes = 9_999 } == [
                "\"src/data\": more than 9999 bytes in one file"
            ])
        #expect(
            try place.findings("git:r@HEAD") { $0.totalBytes = 9_999 } == ["more than 9999 bytes in all files together"]
        )
        // A repository whose object is a FIFO makes git wait for ever.
        try place.shell("mkfifo r/.git/packed-refs")
        #expect(
            try place.findings("git:r@nowhere") { $0.gitSeconds = 1 } == [
                "git was ended: it took too much time or memory"
            ])
    }

    @Test("a name that is no commit, no repository or an option is refused in git's words")
    func badNames() throws {
        let place = try SnapshotPlace()
        try place.shell(Self.tree + "\ngit add .; \(Self.commit)")
        #expect(try place.findings("git:r@nowhere") == ["git refuses: fatal: Needed a single revision"])
        #expect(try place.findings("git:r@--exec-path") == ["git refuses: fatal: Needed a single revision"])
        #expect(try place.findings("git:r@HEAD:plain") == ["git refuses: fatal: Needed a single revision"])
        #expect(try place.findings("git:r") == ["names no commit; write git:REPO@REV"])
        #expect(try place.findings("git:absent@HEAD") == ["cannot be opened: there is no such repository"])
        let found = try place.findings("git:r/src@HEAD")
        #expect(found == ["git refuses: fatal: not a git repository (or any of the parent directories): .git"])
    }
}
