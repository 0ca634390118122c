package import OrketCore

/// Something with a name and a digest: what a statement is about, or what went into a verification. The digest is not
/// optional, so it is always a valid subject and a valid ResourceDescriptor of in-toto.
package struct Subject: Sendable, Hashable {
    /// Unique among the subjects of a statement; never empty.
    package let name: String
    package let digest: HexDigest

    /// Throws `untrue` for an empty name, which would tell nothing.
    package init(_ name: String, _ digest: HexDigest) throws(AttestError) {
        if name.isEmpty { throw AttestError(.untrue, "a subject without a name; name what has the digest \(digest)") }
        self.name = name
        self.digest = digest
    }

    /// `{"name","digest":{"sha256"}}`; `annotations` are for people and tools, nothing decides on them.
    func json(annotations: JSONValue? = nil) -> JSONValue {
        .record([
            "name": .string(name), "digest": .record(["sha256": .string(digest.text)]), "annotations": annotations,
        ])
    }

    init?(_ json: JSONValue) {
        guard let name = json["name"]?.string, let digest = json["digest"]?["sha256"]?.string.flatMap(HexDigest.init),
            let subject = try? Subject(name, digest)
        else { return nil }
        self = subject
    }
}
