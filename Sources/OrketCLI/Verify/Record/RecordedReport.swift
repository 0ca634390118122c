import OrketCore
import OrketStore
import OrketVerify

/// The report of a verdict that was recorded before, about the very same content. Marked as such: nobody ran anything.
enum RecordedReport {
    /// Nil when the record cannot be read as one of `fixture`; then it is verified anew.
    static func make(_ stored: StoredEvidence, of fixture: Fixture) -> FixtureReport? {
        guard let body = try? StrictJSON.parse(Array(stored.body.utf8)), let reasons = reasons(body["reasons"]),
            let assurance = body["assurance"]?.string.flatMap(Assurance.init), case .array(let cases)? = body["cases"],
            stored.fixture == fixture.id, cases.count == fixture.places.count
        else { return nil }
        var report = FixtureReport(
            id: fixture.id, location: SourceLocation(file: fixture.file), kind: fixture.kind,
            language: fixture.language.rawValue, candidate: fixture.candidate, outcome: stored.outcome,
            reasons: reasons, assurance: assurance,
            cases: zip(fixture.places, cases).map { place, json in
                CaseReport(
                    id: place.id, location: SourceLocation(file: fixture.file, line: place.line),
                    isHidden: place.isHidden, outcome: json["outcome"]?.string.flatMap(Outcome.init),
                    reasons: Self.reasons(json["reasons"]) ?? [])
            })
        report.isCached = true
        report.digests.candidate = stored.digests.candidate.text
        report.digests.fixture = stored.digests.fixture.text
        report.digests.policy = stored.digests.policy.text
        report.expectation = fixture.expect
        return report
    }

    private static func reasons(_ json: JSONValue?) -> [Reason]? {
        guard case .array(let elements)? = json else { return nil }
        let reasons = elements.compactMap { element -> Reason? in
            guard let code = element["code"]?.string.flatMap(ReasonCode.init),
                let source = element["source"]?.string.flatMap(ReasonSource.init),
                let detail = element["detail"]?.string
            else { return nil }
            return Reason(code, source: source, detail)
        }
        return reasons.count == elements.count ? reasons : nil
    }
}
