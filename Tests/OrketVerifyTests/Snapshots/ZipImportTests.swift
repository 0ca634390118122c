import OrketCore
import OrketVerify
import Testing

@Suite("Import of zip archives")
struct ZipImportTests {
    /// `Z` builds an archive field by field: each entry may differ from the honest one in any local or central field.
    static let helpers = """
        def deflate(data):
            c = zlib.compressobj(9, zlib.DEFLATED, -15); return c.compress(data) + c.flush()
        class Z:
            def __init__(self): self.body, self.central, self.count = b'', b'', 0
            def add(self, name, data=b'x', method=8, mode=0o100644, local=None, central=None, packed=None, after=b'',
                    before=b'', extra=b'', local_extra=b'', host=3, offset=None):
                packed = (deflate(data) if method == 8 else data) if packed is None else packed
                fields = dict(flags=0, method=method, crc=zlib.crc32(data), csize=len(packed), usize=len(data), name=name)
                l, c = {**fields, **(local or {})}, {**fields, **(central or {})}
                self.body += before; at = len(self.body) if offset is None else offset
                self.body += struct.pack('<IHHHHHIIIHH', 0x04034b50, 20, l['flags'], l['method'], 0, 33, l['crc'],
                    l['csize'], l['usize'], len(l['name']), len(local_extra)) + l['name'] + local_extra + packed + after
                self.central += struct.pack('<IBBHHHHHIIIHHHHHII', 0x02014b50, 20, host, 20, c['flags'], c['method'], 0,
                    33, c['crc'], c['csize'], c['usize'], len(c['name']), len(extra), 0, c.get('disk', 0), 0,
                    mode << 16, at) + c['name'] + extra
                self.count += 1; return self
            def bytes(self, gap=b'', comment=b'', **e):
                e = dict(dict(disk=0, cddisk=0, here=self.count, all=self.count, size=len(self.central),
                    offset=len(self.body) + len(gap), comment=len(comment)), **e)
                return self.body + gap + self.central + struct.pack('<IHHHHIIH', 0x06054b50, e['disk'], e['cddisk'],
                    e['here'], e['all'], e['size'], e['offset'], e['comment']) + comment
        def descriptor(data, crc=None, csize=None, usize=None, signature=b'PK\\7\\10'):
            packed = deflate(data)
            return signature + struct.pack('<III', zlib.crc32(data) if crc is None else crc,
                len(packed) if csize is None else csize, len(data) if usize is None else usize)

        """

    private static let deferred = "local=dict(flags=8, crc=0, csize=0, usize=0), central=dict(flags=8)"

    private static let hostile: [HostileArchive] = [
        .init("absolute path", "data = Z().add(b'/etc/passwd').bytes()", "\"/etc/passwd\": an absolute path"),
        .init("parent", "data = Z().add(b'../x').bytes()", "\"../x\": a path with '..'"),
        .init("dot", "data = Z().add(b'./x').bytes()", "\"./x\": a path with '.'"),
        .init("backslash", "data = Z().add(b'..\\\\x').bytes()", "a path with a backslash"),
        .init("NUL", "data = Z().add(b'a\\0b').bytes()", "a path with a control character"),
        .init(
            "no text", "data = Z().add(b'\\xff', local=dict(flags=2048), central=dict(flags=2048)).bytes()",
            "a name that is not UTF-8"),
        .init("no encoding", "data = Z().add('é'.encode()).bytes()", "not marked as UTF-8"),
        .init(
            "other name in Unicode", "data = Z().add(b'a', extra=struct.pack('<HHBI', 0x7075, 6, 1, 0) + b'b').bytes()",
            "has an extra field"),
        .init("twice", "data = Z().add(b'a').add(b'a').bytes()", "\"a\": is there twice"),
        .init("case", "data = Z().add(b'a').add(b'A').bytes()", "only in case or in Unicode form"),
        .init("file and directory", "data = Z().add(b'a').add(b'a/b').bytes()", "lies beneath \"a\", which is a file"),
        .init(
            "link out", "data = Z().add(b'l', b'../../etc/passwd', mode=0o120777).bytes()",
            "which leads out of the candidate"),
        .init(
            "link to a host file", "data = Z().add(b'l', b'/etc/passwd', 0, mode=0o120777).bytes()", "which is absolute"
        ),
        .init(
            "beneath a link",
            "data = Z().add(b'd/', b'', 0, 0o040755).add(b'l', b'd', mode=0o120777).add(b'l/f').bytes()",
            "lies beneath \"l\""),
        .init(
            "long link", "data = Z().add(b'l', b'x' * 5000, mode=0o120777).bytes()", "a link with more than 1024 bytes"),
        .init("device", "data = Z().add(b'null', mode=0o020666).bytes()", "is a device, FIFO or socket"),
        .init("setuid", "data = Z().add(b'su', mode=0o104755).bytes()", "has a setuid or setgid bit"),
        .init(
            "directory by mode only", "data = Z().add(b'd', b'', 0, mode=0o040755).bytes()",
            "by its name or by its mode"),
        .init(
            "directory by name only", "data = Z().add(b'd/', b'', 0, mode=0o100644).bytes()",
            "by its name or by its mode"),
        .init(
            "directory with content", "data = Z().add(b'd/', b'x', mode=0o040755).bytes()",
            "is a directory with content"),
        .init(
            "other local name", "data = Z().add(b'good', local=dict(name=b'evil')).bytes()",
            "has a local header that says something else"),
        .init(
            "other local method", "data = Z().add(b'a', local=dict(method=0)).bytes()",
            "has a local header that says something else"),
        .init(
            "other local size", "data = Z().add(b'a', local=dict(usize=9)).bytes()",
            "has a local header that says something else"),
        .init(
            "other local checksum", "data = Z().add(b'a', local=dict(crc=9)).bytes()",
            "has a local header that says something else"),
        .init(
            "other local flags", "data = Z().add(b'a', local=dict(flags=2048)).bytes()",
            "has a local header that says something else"),
        .init("encrypted", "data = Z().add(b'a', local=dict(flags=1), central=dict(flags=1)).bytes()", "is encrypted"),
        .init(
            "masked", "data = Z().add(b'a', local=dict(flags=8192), central=dict(flags=8192)).bytes()", "is encrypted"),
        .init("method", "data = Z().add(b'a', method=12, packed=b'x').bytes()", "is compressed by method 12"),
        .init(
            "two sizes", "data = Z().add(b'a', b'xx', 0, local=dict(usize=1), central=dict(usize=1)).bytes()",
            "is stored, but has two sizes"),
        .init(
            "stored checksum", "data = Z().add(b'a', b'x', 0, local=dict(crc=9), central=dict(crc=9)).bytes()",
            "has another checksum"),
        .init(
            "deflated checksum", "data = Z().add(b'a', local=dict(crc=9), central=dict(crc=9)).bytes()",
            "is badly deflated"),
        .init(
            "larger than announced",
            "data = Z().add(b'a', b'x' * 99, local=dict(usize=9), central=dict(usize=9)).bytes()",
            "inflates to more bytes than it announces"),
        .init(
            "smaller than announced", "data = Z().add(b'a', local=dict(usize=9), central=dict(usize=9)).bytes()",
            "is badly deflated"),
        .init("no deflate", "data = Z().add(b'a', packed=b'\\xff' * 20).bytes()", "is badly deflated"),
        .init(
            "bytes behind deflate", "data = Z().add(b'a', packed=deflate(b'x') + b'hidden').bytes()",
            "is badly deflated"),
        .init(
            "gzip member behind deflate",
            "data = Z().add(b'a', b'evil', packed=deflate(b'') + bytes(8) + b'\\x1f\\x8b\\x08' + bytes(7) + deflate(b'evil')).bytes()",
            "is badly deflated"),
        .init("bomb", "data = Z().add(b'a', bytes(50 << 20)).bytes()", "inflates to more than 200 times its size"),
        .init(
            "bomb that announces less",
            "data = Z().add(b'a', bytes(50 << 20), local=dict(usize=100), central=dict(usize=100)).bytes()",
            "inflates to more bytes than it announces"),
        .init(
            "bomb of many", "z = Z()\nfor i in range(300): z.add(b'%d' % i, bytes(1 << 20))\ndata = z.bytes()",
            "more than 268435456 bytes in all files together"),
        .init("overlap", "z = Z().add(b'a', b'x' * 99, 0)\ndata = z.add(b'b', b'y', offset=0).bytes()", "overlap"),
        .init(
            "one inside the other",
            "inner = Z().add(b'b', b'evil', 0).body\nz = Z().add(b'a', inner, 0)\nz.add(b'b', b'evil', 0, offset=31); z.body = z.body[:31 + len(inner)]\ndata = z.bytes()",
            "overlaps with what comes after it"),
        .init("quoted bomb", "z = Z().add(b'a').add(b'b', offset=0)\ndata = z.bytes()", "overlap"),
        .init(
            "hidden between", "data = Z().add(b'a').add(b'b', before=b'hidden').bytes()",
            "is followed by bytes that belong to no entry"),
        .init(
            "hidden before", "data = Z().add(b'a', before=b'#!/bin/sh\\n').bytes()", "begins at byte 10 and not at 0"),
        .init(
            "hidden before the directory", "data = Z().add(b'a').bytes(gap=b'hidden')",
            "is followed by bytes that belong to no entry"),
        .init("hidden in an archive of nothing", "data = Z().bytes(gap=b'hidden')", "that belong to no entry"),
        .init(
            "entry not listed",
            "z = Z().add(b'a').add(b'b')\nz.central = z.central[:len(z.central) // 2]; z.count = 1\ndata = z.bytes()",
            "is followed by bytes that belong to no entry"),
        .init(
            "count too low", "data = Z().add(b'a').add(b'b').bytes(here=1, all=1)",
            "bytes between the central directory"),
        .init("count too high", "data = Z().add(b'a').bytes(here=2, all=2)", "its central directory ends too early"),
        .init(
            "directory elsewhere", "data = Z().add(b'a').bytes(offset=0)", "does not end where its end record begins"),
        .init("bytes behind the end", "data = Z().add(b'a').bytes() + b'tail'", "bytes behind the end of the archive"),
        .init(
            "another end in the comment", "data = Z().add(b'a').bytes(comment=b'..' + Z().bytes() + b'.')",
            "bytes behind the end of the archive"),
        .init(
            "two archives", "data = Z().add(b'a').bytes() + Z().add(b'b').bytes()",
            "does not end where its end record begins"),
        .init("divided", "data = Z().add(b'a').bytes(disk=1)", "a part of a divided archive"),
        .init("zip64 count", "data = Z().add(b'a').bytes(here=65535, all=65535)", "zip64"),
        .init("zip64 offset", "data = Z().add(b'a').bytes(offset=0xffffffff)", "zip64"),
        .init(
            "zip64 size of an entry",
            "data = Z().add(b'a', extra=struct.pack('<HHQ', 1, 8, 1 << 40), central=dict(usize=0xffffffff)).bytes()",
            "has an extra field"),
        .init(
            "zip64 size, locally", "data = Z().add(b'a', local_extra=struct.pack('<HHQ', 1, 8, 1 << 40)).bytes()",
            "has an extra field"),
        .init(
            "extra field beyond its end", "data = Z().add(b'a', extra=struct.pack('<HH', 0x5455, 99)).bytes()",
            "has an extra field"),
        .init("no descriptor", "data = Z().add(b'a', \(deferred)).bytes()", "has no data descriptor"),
        .init(
            "descriptor with another checksum",
            "data = Z().add(b'a', \(deferred), after=descriptor(b'x', crc=9)).bytes()",
            "has a data descriptor that says something else"),
        .init(
            "descriptor with another size",
            "data = Z().add(b'a', \(deferred), after=descriptor(b'x', usize=9)).bytes()",
            "has a data descriptor that says something else"),
        .init(
            "descriptor with another signature",
            "data = Z().add(b'a', \(deferred), after=descriptor(b'x', signature=b'PK\\1\\2')).bytes()",
            "has a data descriptor that says something else"),
        .init(
            "descriptor that is not announced", "data = Z().add(b'a', after=descriptor(b'x')).bytes()",
            "is followed by bytes that belong to no entry"),
        .init(
            "too many entries", "z = Z()\nfor i in range(20001): z.add(b'%d' % i, packed=b'')\ndata = z.bytes()",
            "more than 20000 entries"),
        .init(
            "file too large",
            "data = Z().add(b'a', packed=b'x', central=dict(usize=70 << 20), local=dict(usize=70 << 20)).bytes()",
            "inflates to more than 200 times its size"),
        .init("empty file", "data = b''", "it has no end record"),
        .init("a script", "data = b'#!/bin/sh\\n' * 9", "it has no end record"),
    ]

    @Test("a hostile archive is refused, with the reason", arguments: hostile)
    func refuses(_ archive: HostileArchive) throws {
        let place = try SnapshotPlace()
        try place.python(Self.helpers + archive.code + "\nopen('x.zip', 'wb').write(data)")
        let found = try place.findings("x.zip")
        #expect(found.contains { $0.contains(archive.finding) }, "\(archive.testDescription): \(found)")
        // What a defect of one content lets through before is a blob that nothing names.
        #expect(try place.shell("find store/incoming -type f") == "")
    }

    @Test("all findings come at once, those of names and those of links")
    func findings() throws {
        let place = try SnapshotPlace()
        try place.python(
            Self.helpers
                + """
                z = Z().add(b'/a').add(b'../b').add(b'su', mode=0o104755).add(b'l', b'/x', mode=0o120777).add(b'ok').add(b'OK')
                open('x.zip', 'wb').write(z.bytes())
                """)
        #expect(try place.findings("x.zip").count == 5)
        #expect(try place.blobs().isEmpty)
    }

    @Test("what the builder of these tests writes is read when nothing in it is hostile")
    func control() throws {
        let place = try SnapshotPlace()
        try place.python(
            Self.helpers
                + """
                z = Z().add(b'a').add(b'b', b'stored', 0).add(b'run', b'#!', mode=0o100755).add(b'd/l', b'../a', mode=0o120777)
                z.add(b'late', b'late', \(Self.deferred), after=descriptor(b'late'))
                z.add(b'bare', b'bare', \(Self.deferred), after=descriptor(b'bare', signature=b''))
                z.add('é'.encode(), local=dict(flags=2048), central=dict(flags=2048)).add(b'dos', host=0, mode=0)
                open('x.zip', 'wb').write(z.bytes(comment=b'a comment'))
                """)
        let contents = try place.contents(place.importing("x.zip"))
        let expected = [
            "a": "x", "b": "stored", "run": "#!", "d": "", "d/l": "../a", "late": "late", "bare": "bare", "é": "x",
            "dos": "x",
        ]
        #expect(contents == expected)
    }

    @Test(
        "what zip programs write is what a directory gives",
        arguments: [
            "cd c; python3 -c '\(python)' ../x.zip",
            "cd c; git init -q .; git add .; git -c user.name=a -c user.email=a@b commit -qm m; git archive -o ../x.zip HEAD",
        ])
    func honest(_ command: String) throws {
        let place = try SnapshotPlace()
        try place.shell(
            """
            mkdir -p c/src; printf x > c/plain; printf 'echo\\n' > c/run; chmod 755 c/run
            head -c 300000 /dev/urandom > c/src/data; head -c 99999 /dev/zero > c/src/zeros; : > c/src/none
            (\(command))
            """)
        #expect(try place.importing("x.zip").digest == place.importing("c").digest)
    }

    private static let python = """
        \(SnapshotPlace.modules)
        with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
            for top, dirs, files in os.walk("."):
                for name in dirs + files: z.write(os.path.join(top, name))
        """
}
