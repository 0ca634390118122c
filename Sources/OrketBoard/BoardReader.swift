internal import Crypto
package import OrketCore
internal import OrketDocuments
internal import OrketSystem

/// Reads the files of a board: everything, or every defect of every file at once.
package struct BoardReader {
    /// Of one file.
    static let limits = DocumentLimits(bytes: 4 << 20, values: 400_000, aliases: 8)
    private static let maximumFiles = 100_000
    private static let endings = [".yaml", ".yml", ".json"]
    private static let organisationNames = ["organisation", "organization"].flatMap { name in
        endings.map { name + $0 }
    }

    let directory: String
    var reader = DefinitionReader()
    var findings: [Finding] = []
    private var hash = SHA256()
    private var organisation: Organisation?
    private var departments: [Department] = []
    var teams: [Team] = []
    var roles: [Role] = []
    private var environments: [ModelEnvironment] = []
    private var dialects: [Dialect] = []
    var rocks: [Rock] = []
    var epics: [Epic] = []
    var issues: [Issue] = []

    /// The board in `directory`. Throws every finding, in the order of files and places.
    package static func read(_ directory: String) throws(InvalidInput) -> Board {
        let clean = directory.count > 1 && directory.hasSuffix("/") ? String(directory.dropLast()) : directory
        var reader = BoardReader(directory: clean)
        reader.readAll()
        return try reader.board()
    }

    private init(directory: String) { self.directory = directory }

    private mutating func readAll() {
        guard Files.exists(directory) else {
            findings.append(Finding(file: directory, "no such directory"))
            return
        }
        let found = Self.organisationNames.filter { Files.exists("\(directory)/\($0)") }
        if found.isEmpty {
            let hint = "no organisation.yaml here: name a board's directory, or begin one with orket init"
            findings.append(Finding(file: directory, hint))
        }
        for other in found.dropFirst() {
            findings.append(Finding(file: "\(directory)/\(other)", "\(found[0]) is there as well: keep one of them"))
        }
        if let name = found.first, let node = document(name) { organisation = reader.organisation(node) }
        departments = assets("departments", \.id.text) { $0.department($1) }
        roles = assets("roles", \.id.text) { $0.role($1) }
        teams = assets("teams", \.id.text) { $0.team($1) }
        environments = assets("environments", \.id.text) { $0.environment($1) }
        dialects = assets("dialects", \.id.text) { $0.dialect($1) }
        epics = assets("epics", \.id.text) { $0.epic($1)?.epic }
        rocks = assets("rocks", \.id.text) { $0.rock($1) }
        issues = assets("issues", \.id.text) { $0.issue($1, of: nil) }
        attachIssues()
    }

    private mutating func attachIssues() {
        for issue in issues {
            guard let at = epics.firstIndex(where: { $0.id == issue.card.parent }) else { continue }
            epics[at].issues.append(issue)
        }
    }

    /// What the files of a directory hold; each is named by its id.
    private mutating func assets<Asset>(
        _ category: String, _ id: KeyPath<Asset, String>,
        _ read: (inout DefinitionReader, DocumentNode) -> Asset?
    ) -> [Asset] {
        guard let names = try? Files.names(in: "\(directory)/\(category)").sorted() else { return [] }
        var found: [Asset] = []
        for name in names.prefix(Self.maximumFiles) where !name.hasPrefix(".") {
            guard let ending = Self.endings.first(where: name.hasSuffix) else {
                findings.append(
                    Finding(file: "\(directory)/\(category)/\(name)", "is no .yaml, .yml or .json file: move it away"))
                continue
            }
            guard let node = document("\(category)/\(name)"), let asset = read(&reader, node) else { continue }
            if asset[keyPath: id] != String(name.dropLast(ending.count)) {
                reader.report(
                    node.place, "the id is '\(asset[keyPath: id])': call the file \(asset[keyPath: id])\(ending)")
            }
            found.append(asset)
        }
        return found
    }

    /// One file as a document; its findings are noted.
    private mutating func document(_ name: String) -> DocumentNode? {
        let path = "\(directory)/\(name)"
        do throws(SystemError) {
            let file = try Files.openNamed(path)
            guard try FileStamp(file).kind == .regular else {
                findings.append(Finding(file: path, "is no regular file"))
                return nil
            }
            let bytes = try Files.read(file, at: 0, count: Self.limits.bytes + 1)
            hash.update(data: Array("\(name)\0\(bytes.count)\0".utf8))
            hash.update(data: bytes)
            let (root, found) = DocumentReader.read(bytes, file: path, limits: Self.limits)
            findings += found
            return root
        } catch {
            findings.append(Finding(file: path, error.description))
            return nil
        }
    }

    private consuming func board() throws(InvalidInput) -> Board {
        let known = organisation?.departments ?? []
        findings +=
            BoardChecks(
                directory: directory, reader: reader, departments: Set(known.map(\.text) + ["core"]), teams: teams,
                roles: roles, environments: Set(environments.map(\.id.text)), rocks: rocks, epics: epics
            ).findings
        if organisation != nil {
            for department in departments where !known.contains(department.id) && department.id != .core {
                findings.append(
                    Finding(
                        file: "\(directory)/departments/\(department.id)",
                        "the organisation does not name the department '\(department.id)'"))
            }
        }
        findings += reader.findings
        guard findings.isEmpty, let organisation else { throw InvalidInput(Self.sorted(findings)) }
        var named: Set<String> = []
        let fixtures = reader.references.filter { $0.kind == .fixture && named.insert($0.name).inserted }
        return Board(
            organisation: organisation, departments: departments, teams: teams, roles: roles,
            environments: environments, dialects: dialects, rocks: rocks, epics: epics,
            fixtures: fixtures.map { ($0.name, $0.place) }, digest: HexDigest(bytes: Array(hash.finalize())))
    }

    /// By file and place, each once.
    package static func sorted(_ findings: [Finding]) -> [Finding] {
        var seen: Set<Finding> = []
        return findings.filter { seen.insert($0).inserted }.enumerated().sorted { a, b in
            (a.element.file, a.element.line ?? 0, a.element.column ?? 0, a.offset)
                < (b.element.file, b.element.line ?? 0, b.element.column ?? 0, b.offset)
        }.map(\.element)
    }
}
