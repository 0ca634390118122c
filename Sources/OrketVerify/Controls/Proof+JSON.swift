package import OrketCore

extension Proof {
    /// `orket.proof/1` (docs/formats/proof.schema.json).
    package var json: JSONValue {
        .record([
            "schema": .string("orket.proof/1"), "fixture": .string(facts.id), "kind": .string(kind),
            "language": .string(language), "outcome": .string(outcome.rawValue),
            "problems": .array(problems.map { .string($0) }),
            "digests": .record(["fixture": .string(facts.fixture), "policy": .string(facts.policy)]),
            "version": .string(facts.version), "provedAt": .string(provedAt.rfc3339),
            "controls": .array(controls.map(\.json)), "minimumScore": minimumScore.map { .number($0) },
            "mutants": mutants?.json,
        ])
    }

    /// What a gate needs of the proof in `text`; throws a finding when it is none.
    package static func decode(_ text: [UInt8], file: String) throws(InvalidInput) -> Proof {
        let json: JSONValue
        do throws(StrictJSON.Problem) {
            json = try StrictJSON.parse(text)
        } catch {
            throw InvalidInput([Finding(file: file, "bad JSON at byte \(error.offset): \(error.message)")])
        }
        guard json["schema"]?.string == "orket.proof/1", let id = json["fixture"]?.string,
            let kind = json["kind"]?.string, let language = json["language"]?.string,
            let fixture = json["digests"]?["fixture"]?.string, let policy = json["digests"]?["policy"]?.string,
            let version = json["version"]?.string, case .array(let list)? = json["controls"]
        else { throw InvalidInput([Finding(file: file, "no proof of the schema orket.proof/1")]) }
        let controls = list.compactMap { ControlResult($0) }
        let mutants = json["mutants"].map { MutantReport($0) }
        guard controls.count == list.count, mutants.map({ $0 != nil }) ?? true else {
            throw InvalidInput([Finding(file: file, "a proof with results that are none")])
        }
        return Proof(
            facts: ProofFacts(id: id, fixture: fixture, policy: policy, version: version), kind: kind,
            language: language, provedAt: UTCTime(milliseconds: 0), controls: controls, mutants: mutants ?? nil,
            minimumScore: json["minimumScore"]?.double)
    }

    /// The proof beside the `fixture.yaml` at `file`: nil when there is none.
    package static func beside(_ file: String) throws(InvalidInput) -> Proof? {
        let path = Self.path(beside: file)
        if HostFile.kind(path) == .missing { return nil }
        return try decode(HostFile.contents(path, maximumBytes: maximumBytes), file: path)
    }

    /// Where the proof of the `fixture.yaml` at `file` lies.
    package static func path(beside file: String) -> String {
        (file.lastIndex(of: "/").map { String(file[...$0]) } ?? "") + "proof.json"
    }

    private static let maximumBytes = 64 << 20
}

extension ControlResult {
    fileprivate var json: JSONValue {
        .record([
            "kind": .string(kind.rawValue), "file": path.isEmpty ? nil : .string(path), "digest": .string(digest),
            "outcome": .string(outcome.rawValue), "reasons": .array(reasons.map(\.json)),
        ])
    }

    fileprivate init?(_ json: JSONValue) {
        guard let kind = json["kind"]?.string.flatMap({ Control.Kind(rawValue: $0) }),
            let digest = json["digest"]?.string,
            let outcome = json["outcome"]?.string.flatMap({ Outcome(rawValue: $0) }),
            case .array(let list)? = json["reasons"]
        else { return nil }
        let reasons = list.compactMap { item in
            item["code"]?.string.flatMap { ReasonCode(rawValue: $0) }.map { Reason($0, item["detail"]?.string ?? "") }
        }
        if reasons.count != list.count { return nil }
        self.init(
            kind: kind, path: json["file"]?.string ?? "", digest: digest, outcome: outcome, reasons: reasons)
    }
}

extension MutantReport {
    fileprivate var json: JSONValue {
        .record([
            "generated": .integer(Int64(generated)), "ran": .integer(Int64(results.count)),
            "killed": .integer(Int64(counted.count { $0.isKilled })), "survived": .integer(Int64(survivors.count)),
            "equivalent": .integer(Int64(results.count - counted.count)), "score": score.map { .number($0) },
            "results": .array(results.map(\.json)),
        ])
    }

    fileprivate init?(_ json: JSONValue) {
        guard case .integer(let generated)? = json["generated"], case .array(let list)? = json["results"] else {
            return nil
        }
        let results = list.compactMap { MutantResult($0) }
        if results.count != list.count { return nil }
        self.init(generated: Int(clamping: generated), results: results)
    }
}

extension MutantResult {
    fileprivate var json: JSONValue {
        .record([
            "id": .string(mutant.id), "line": .integer(Int64(mutant.line)), "column": .integer(Int64(mutant.column)),
            "operator": .string(mutant.operator), "description": .string(mutant.description),
            "start": .integer(Int64(mutant.range.lowerBound)), "end": .integer(Int64(mutant.range.upperBound)),
            "text": .string(mutant.text), "equivalent": .bool(isEquivalent), "outcome": .string(outcome.rawValue),
            "reason": reason.map { .string($0.rawValue) },
        ])
    }

    fileprivate init?(_ json: JSONValue) {
        guard let mutant = Mutant(json, size: .max), case .bool(let isEquivalent)? = json["equivalent"],
            let outcome = json["outcome"]?.string.flatMap({ Outcome(rawValue: $0) })
        else { return nil }
        self.init(
            mutant: mutant, isEquivalent: isEquivalent, outcome: outcome,
            reason: json["reason"]?.string.flatMap { ReasonCode(rawValue: $0) }, detail: "")
    }
}
