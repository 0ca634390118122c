import OrketCore
import Testing

@Suite("The gate's decision")
struct GateTests {
    private typealias Samples = GateSamples

    private static func codes(_ question: GateQuestion) -> [String] {
        Gate.decide(question).reasons.map(\.code.rawValue)
    }

    private static func codes(_ receipt: CheckedReceipt, _ policy: GatePolicy = GatePolicy()) -> [String] {
        var question = Samples.question([receipt])
        question.policy = policy
        return codes(question)
    }

    @Test("a fresh, passed, proven receipt about exactly this content is accepted, and the token says what it rests on")
    func accepted() {
        let receipt = Samples.receipt()
        let evidence = Gate.decide(Samples.question([receipt])).evidence
        #expect(evidence?.issue.text == "ISSUE-1")
        #expect(evidence?.candidate == Samples.candidate)
        #expect(evidence?.records == [receipt.record])
        #expect(evidence?.basis == .receipts([receipt.receipt]))
        #expect(evidence?.policy == Samples.digest(5))
    }

    @Test("an issue without a fixture is never done, whatever receipts there are")
    func noFixture() {
        var question = Samples.question([Samples.receipt()])
        question.fixtures = []
        #expect(Self.codes(question) == ["no_fixture"])
    }

    @Test("failed verification is not done: every outcome but passed is refused", arguments: Outcome.allCases)
    func outcomes(outcome: Outcome) {
        let codes: [String] =
            switch outcome {
            case .passed: []
            case .failed, .rejected: ["failed_verification"]
            case .inconclusive, .cancelled: ["inconclusive_verification"]
            }
        #expect(Self.codes(Samples.receipt(outcome: outcome)) == codes)
    }

    @Test("evidence about other content, another fixture or another policy is stale")
    func stale() {
        #expect(Self.codes(Samples.receipt(candidate: Samples.digest(9))) == ["stale_evidence"])
        #expect(Self.codes(Samples.receipt(fixture: Samples.digest(9))) == ["stale_evidence"])
        #expect(Self.codes(Samples.receipt(policy: Samples.digest(9))) == ["stale_evidence"])
        #expect(Self.codes(Samples.question([])) == ["missing_evidence"])
    }

    @Test("a receipt that was judged under a weaker policy is refused as such")
    func weakened() {
        var question = Samples.question([Samples.receipt(policy: Samples.digest(9))])
        question.weakened = [Samples.digest(9): "memory 4 GiB instead of 256 MiB"]
        #expect(Self.codes(question) == ["policy_weakened"])
        #expect(Gate.decide(question).reasons[0].detail.contains("4 GiB"))
    }

    @Test("what is weak about a receipt is told at once, with what to do")
    func weak() {
        let receipt = Samples.receipt(
            assurance: .inProcess, level: .filters, degraded: [.seccomp, .landlock], isProven: false, isCached: true)
        var question = Samples.question([receipt])
        question.badReceipts = [BadReceipt(name: "x.jsonl", detail: "no signature of a trusted key")]
        #expect(
            Self.codes(question) == [
                "forged_evidence", "cached_evidence", "unproven_fixture", "degraded_isolation", "isolation_too_low",
                "assurance_too_low",
            ])
        #expect(Gate.decide(question).reasons.allSatisfy { !$0.repair.isEmpty && !$0.detail.isEmpty })
    }

    @Test("a policy can take what is weak, each by its own rule and no other")
    func permissive() {
        var policy = GatePolicy()
        policy.allowsCached = true
        #expect(Self.codes(Samples.receipt(isCached: true), policy) == [])
        #expect(Self.codes(Samples.receipt(isProven: false), policy) == ["unproven_fixture"])
        policy = GatePolicy()
        policy.requiresProof = false
        #expect(Self.codes(Samples.receipt(isProven: false), policy) == [])
        policy = GatePolicy()
        policy.minimumLevel = .filters
        #expect(Self.codes(Samples.receipt(level: .filters), policy) == [])
        #expect(Self.codes(Samples.receipt(level: .limits), policy) == ["isolation_too_low"])
        policy = GatePolicy()
        policy.minimumAssurance = .inProcess
        #expect(Self.codes(Samples.receipt(assurance: .inProcess), policy) == [])
        policy.minimumAssurance = .split
        #expect(Self.codes(Samples.receipt(assurance: .blackbox), policy) == ["assurance_too_low"])
        policy = GatePolicy()
        policy.allowedDegraded = [.landlock]
        #expect(Self.codes(Samples.receipt(degraded: [.landlock]), policy) == [])
        #expect(Self.codes(Samples.receipt(degraded: [.landlock, .seccomp]), policy) == ["degraded_isolation"])
    }

    @Test("old evidence is stale where the policy has a bound")
    func age() {
        var policy = GatePolicy()
        policy.maximumAgeMs = 5_000
        #expect(Self.codes(Samples.receipt(ageMs: 5_000), policy) == [])
        #expect(Self.codes(Samples.receipt(ageMs: 5_001), policy) == ["stale_evidence"])
    }

    @Test("a receipt that has completed another issue is replayed; the issue's own is not")
    func replayed() {
        var question = Samples.question([Samples.receipt()])
        question.used = [Samples.digest(4): CardID("ISSUE-2")!]
        #expect(Self.codes(question) == ["replayed_evidence"])
        question.used = [Samples.digest(4): question.issue]
        #expect(Self.codes(question) == [])
    }

    @Test("verifying until it passes is no evidence: a failure of the same content stands beside the pass")
    func contradicted() {
        let failed = Samples.receipt(6, outcome: .failed, ageMs: 9_000)
        #expect(Self.codes(Samples.question([failed, Samples.receipt()])) == ["contradicted_evidence"])
        // The last one counts, whatever the order in which they are given.
        let later = Samples.receipt(7, outcome: .failed, ageMs: 10)
        #expect(Self.codes(Samples.question([later, Samples.receipt()])) == ["failed_verification"])
        // That we failed says nothing about the candidate, nor does what other content did.
        let ours = Samples.receipt(8, outcome: .inconclusive, ageMs: 9_000)
        let other = Samples.receipt(9, candidate: Samples.digest(9), outcome: .failed)
        #expect(Self.codes(Samples.question([ours, other, Samples.receipt()])) == [])
    }

    @Test("every fixture must be satisfied by its own receipt, and each that is not is named")
    func manyFixtures() {
        let second = GateQuestion.Fixture(name: "product", digest: Samples.digest(20), policy: Samples.digest(3))
        let third = GateQuestion.Fixture(name: "quotient", digest: Samples.digest(21), policy: Samples.digest(3))
        var question = Samples.question([Samples.receipt()])
        question.fixtures += [second, third]
        question.receipts.append(Samples.receipt(10, fixture: second.digest, outcome: .failed))
        let reasons = Gate.decide(question).reasons
        #expect(reasons.map(\.fixture) == ["product", "quotient"])
        #expect(reasons.map(\.code) == [.failed, .missing])
        question.receipts = [
            Samples.receipt(), Samples.receipt(11, fixture: second.digest), Samples.receipt(12, fixture: third.digest),
        ]
        #expect(Gate.decide(question).evidence?.basis == .receipts([4, 11, 12].map(Samples.digest)))
    }

    private static func waiver(person: String = "ada", reason: String = "hotfix", days: Int64 = 7) -> Waiver {
        let from = Samples.now.milliseconds - 1_000
        return Waiver(
            issue: CardID("ISSUE-1")!, candidate: Samples.candidate, person: person, reason: reason,
            issuedAt: UTCTime(milliseconds: from), expiresAt: UTCTime(milliseconds: from + days * 86_400_000),
            document: Samples.digest(30))
    }

    private static func waived(_ waiver: Waiver, by people: Set<String> = ["ada"]) -> GateRuling {
        var question = Samples.question([])
        question.policy.waivers = people
        question.waiver = waiver
        return Gate.decide(question)
    }

    @Test("a waiver counts only where the policy names its person, for this content, with a reason and an end")
    func waivers() {
        #expect(Self.waived(Self.waiver()).evidence?.basis == .waiver(Self.waiver()))
        func refused(_ waiver: Waiver, by people: Set<String> = ["ada"]) -> Int {
            let reasons = Self.waived(waiver, by: people).reasons
            #expect(reasons.first?.code == .missing)
            return reasons.count { $0.code == .waiver }
        }
        #expect(refused(Self.waiver(), by: []) == 1)
        #expect(refused(Self.waiver(person: "eve")) == 1)
        #expect(refused(Self.waiver(reason: " \n")) == 1)
        #expect(refused(Self.waiver(days: 15)) == 1)
        #expect(refused(Self.waiver(days: 0)) == 1)
        var other = Self.waiver()
        (other.issue, other.candidate) = (CardID("ISSUE-2")!, Samples.digest(9))
        #expect(refused(other) == 2)
        var future = Self.waiver()
        future.issuedAt = UTCTime(milliseconds: Samples.now.milliseconds + 1)
        #expect(refused(future) == 1)
    }

    @Test("good evidence needs no waiver, and then rests on receipts")
    func waiverUnused() {
        var question = Samples.question([Samples.receipt()])
        question.waiver = Self.waiver(person: "eve")
        #expect(Gate.decide(question).evidence?.basis == .receipts([Samples.digest(4)]))
    }

    @Test("what a delivered policy weakens is found, and what it strengthens is not")
    func weakenings() {
        var weaker = GatePolicy()
        weaker.minimumLevel = .none
        weaker.minimumAssurance = .inProcess
        weaker.allowedDegraded = [.seccomp]
        weaker.allowsCached = true
        weaker.requiresProof = false
        weaker.waivers = ["eve"]
        weaker.maximumWaiverMs += 1
        var base = GatePolicy()
        base.maximumAgeMs = 1_000
        #expect(weaker.weakenings(comparedTo: base).count == 8)
        #expect(base.weakenings(comparedTo: weaker) == [])
        #expect(GatePolicy().weakenings(comparedTo: GatePolicy()) == [])
    }
}
