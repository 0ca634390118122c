import OrketCore
import Yams

extension HTTPBody.Request: FixtureCase {}

extension FixtureDecoder {
    private static let requestKeys = ["id", "method", "path", "headers", "body", "bodyFile", "expect", "hidden"]
    private static let responseKeys = ["status", "headers", "body", "json"]
    private static let maximumRequestBytes = 1 << 20
    /// The probe writes these itself.
    private static let ownHeaders = ["connection", "content-length", "transfer-encoding"]

    mutating func httpBody(_ fields: inout YAMLFields) -> HTTPBody? {
        let compile = fields.has("compile") ? fields.arguments("compile") : nil
        let start = fields.arguments("start")
        let port = fields.integer("port", in: 1_024...65_535)
        let readyPath = fields.has("readyPath") ? path("readyPath", &fields) : "/"
        let startWithin = fields.has("startWithin") ? time("startWithin", &fields) : 10_000
        let requests = self.cases(fields.node("requests"), missingAt: fields.mark("requests"), key: "requests") {
            $0.request($1)
        }
        guard let start, let port, let readyPath, let startWithin else { return nil }
        return HTTPBody(
            compile: compile, start: start, port: port, readyPath: readyPath, startWithinMs: startWithin,
            requests: requests)
    }

    private func time(_ name: String, _ fields: inout YAMLFields) -> UInt64? {
        guard case .scalar(let scalar)? = fields.node(name) else {
            fields.note("'\(name)' must be a value with its unit", at: fields.mark(name))
            return nil
        }
        switch LimitParser.parse(scalar.string, for: .wall) {
        case .success(let milliseconds): return milliseconds
        case .failure(let problem):
            fields.note("\(problem)", at: fields.mark(name))
            return nil
        }
    }

    /// What may stand in a request line.
    private func path(_ name: String, _ fields: inout YAMLFields) -> String? {
        guard let path = fields.text(name) else { return nil }
        let isClean = path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        if path.hasPrefix("/"), isClean, path.utf8.count <= 4_096 { return path }
        fields.note("'\(name)' must start with / and be printable ASCII without blanks", at: fields.mark(name))
        return nil
    }

    private mutating func request(_ node: Node) -> HTTPBody.Request? {
        guard var fields = YAMLFields(node, file: file, what: "a request", findings: &findings) else { return nil }
        fields.refuseUnknown(Self.requestKeys)
        let id = identifier("id", &fields)
        let method = fields.has("method") ? fields.text("method") : "GET"
        if let method, method.isEmpty || method.utf8.count > 20 || !method.utf8.allSatisfy({ (65...90).contains($0) }) {
            fields.note("'method' must be up to 20 of A-Z", at: fields.mark("method"))
        }
        let path = self.path("path", &fields)
        let headers = self.headers(fields.node("headers"))
        let body = fields.bytes(
            "body", orFile: "bodyFile", required: false, maximumBytes: Self.maximumRequestBytes, directory: directory)
        let expected = self.response(fields.node("expect"))
        let isHidden = fields.has("hidden") ? fields.flag("hidden") : false
        findings += fields.findings
        guard let id, let method, let path, let body, let expected, let isHidden else { return nil }
        let place = Fixture.Place(id: id, line: node.mark?.line ?? 1, isHidden: isHidden, word: "request")
        return HTTPBody.Request(
            place: place, method: method, path: path, headers: headers, body: body, expected: expected)
    }

    /// The names of a mapping of headers; bad ones are findings.
    private mutating func names(_ node: Node) -> [String] {
        guard case .mapping(let mapping) = node else { return [] }
        return mapping.compactMap { key, _ in
            guard case .scalar(let scalar) = key else { return nil }
            let name = scalar.string
            let isToken = name.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte & 0xDF) || byte == 45 || byte == 95
            }
            if !name.isEmpty, name.utf8.count <= 100, isToken { return name }
            findings.append(
                YAMLFields.finding(file, key.mark, "the name of a header must have 1 to 100 of A-Z, a-z, 0-9, - and _"))
            return nil
        }
    }

    private mutating func headers(_ node: Node?) -> [(name: String, value: String)] {
        guard let node, var fields = YAMLFields(node, file: file, what: "'headers'", findings: &findings) else {
            return []
        }
        var headers: [(String, String)] = []
        for name in names(node) {
            if Self.ownHeaders.contains(name.lowercased()) {
                fields.note("the header '\(name)' is written by the probe", at: fields.mark(name))
            }
            guard let value = fields.text(name) else { continue }
            if value.utf8.count > 4_096 || !value.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) {
                fields.note("a header must be printable ASCII", at: fields.mark(name))
            }
            headers.append((name, value))
        }
        findings += fields.findings
        return headers
    }

    private mutating func response(_ node: Node?) -> HTTPBody.Expected? {
        guard let node else { return HTTPBody.Expected() }
        guard var fields = YAMLFields(node, file: file, what: "'expect'", findings: &findings) else { return nil }
        fields.refuseUnknown(Self.responseKeys)
        var expected = HTTPBody.Expected()
        expected.status = (fields.has("status") ? fields.integer("status", in: 200...599) : 200) ?? 200
        if let node = fields.node("headers"),
            var headers = YAMLFields(node, file: file, what: "'headers'", findings: &findings)
        {
            for name in names(node) {
                if let matcher = matcher(name, &headers) { expected.headers.append((name, matcher)) }
            }
            findings += headers.findings
        }
        expected.body = matcher("body", &fields)
        expected.json = assertions(&fields)
        findings += fields.findings
        return expected
    }
}
