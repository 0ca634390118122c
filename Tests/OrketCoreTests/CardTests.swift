import OrketCore
import OrketTestSupport
import Testing

@Suite("Cards")
struct CardTests {
    private static func words(_ type: (some CaseIterable & RawRepresentable<String>).Type) -> String {
        type.allCases.map(\.rawValue).joined(separator: " ")
    }

    @Test("every closed set has exactly the spellings that files and stores have")
    func spellings() {
        #expect(Self.words(CardType.self) == "rock epic issue utility app")
        #expect(
            Self.words(CardStatus.self)
                == "ready in_progress blocked waiting_for_developer ready_for_testing code_review done canceled archived"
        )
        #expect(Self.words(WaitReason.self) == "resource dependency review input system")
        #expect(Self.words(IssueMetrics.Grade.self) == "Pending Shippable Non-Shippable")
        #expect(Self.words(VerificationScenario.Status.self) == "pending pass fail")
        #expect(Self.words(Lesson.Sentiment.self) == "negative positive")
        #expect(
            Self.words(AttemptResult.Kind.self)
                == "verified refused rejected work_failed out_of_time inconclusive conflict cancelled interrupted")
        #expect(
            Self.words(IssueResult.Kind.self)
                == "done already_done failed waiting unreached skipped canceled")
        #expect(CardStatus(rawValue: "cancelled") == nil)
        #expect(CardStatus(rawValue: "active") == nil)
    }

    @Test("a card of a file that says nothing has the documented defaults")
    func defaults() {
        let issue = Issue(id: CardID("a")!)
        #expect(issue.card.type == .issue)
        #expect(issue.card.status == .ready)
        #expect(issue.card.priority == .medium)
        #expect(issue.card.department.text == "core")
        #expect(issue.card.waitReason == nil)
        #expect(issue.seat.text == "standard")
        #expect((issue.retryCount, issue.budget.maxRetries, issue.budget.attempts) == (0, 3, 4))
        #expect((issue.metrics.score, issue.metrics.shippabilityThreshold, issue.metrics.pathDelta) == (0, 7, 0))
        #expect(issue.metrics.grade == .pending)
        #expect(issue.verification.fixtures.isEmpty)
        let epic = Epic(id: CardID("e")!, team: TeamID("t")!, environment: EnvironmentID("m")!)
        #expect((epic.iterations, epic.handshakeEnabled, epic.governance.idesign) == (1, false, true))
        #expect(epic.governance.pattern == "Standard")
        let environment = ModelEnvironment(id: EnvironmentID("m")!, model: "x")
        #expect((environment.temperature, environment.timeoutMs) == (0, 300_000))
    }

    @Test("members are read by their name and their aliases, and by nothing else")
    func aliases() {
        #expect(Card.Key(spelling: "name") == .name)
        #expect(Card.Key(spelling: "summary") == .name)
        #expect(Epic.Key(spelling: "stories") == .issues)
        #expect(Epic.Key(spelling: "cards") == .issues)
        #expect(IssueVerification.Key(spelling: "verification_fixture") == .fixture)
        #expect(IssueVerification.Key(spelling: "last_verification") == .lastRun)
        for typo in ["Name", "title", "stori", "wait-reason", "waitReason", ""] {
            #expect(Card.Key(spelling: typo) == nil)
            #expect(Epic.Key(spelling: typo) == nil)
        }
        #expect(
            Self.words(Card.Key.self)
                == "id name type status description note priority labels references wait_reason parent_id build_id "
                + "owner_department params")
        #expect(
            Self.words(Issue.Key.self)
                == "seat assignee sprint requirements verification metrics budget depends_on retry_count max_retries")
    }

    @Test(
        "a priority is a word in any case or a plain number",
        arguments: [
            ("High", 3.0), ("MEDIUM", 2.0), ("low", 1.0), ("2.5", 2.5), ("0", 0), ("1000000", 1_000_000),
        ])
    func priority(text: String, value: Double) {
        #expect(Priority(text)?.value == value)
    }

    @Test(
        "an unknown word of priority is refused, not taken for medium",
        arguments: ["urgent", "", " ", "nan", "inf", "-1", "1e3", "0x10", "1000001", "2,5", "1_0"])
    func unknownPriority(text: String) {
        #expect(Priority(text) == nil)
    }

    @Test("priorities outside of their bounds, and NaN, are refused")
    func priorityBounds() {
        for value in [Double.nan, .infinity, -0.001, 1_000_000.1] { #expect(Priority(value) == nil) }
        #expect(Priority.low < .medium)
        #expect(Priority.medium < .high)
    }

    @Test(
        "an id is a plain name, so that it can be a file and a word of a command",
        arguments: [
            "a", "ISSUE-1", "0", "a.b_c-d", "HumanEval-163", "d41d8cd98f00b204e9800998ecf8427e",
        ])
    func goodID(text: String) {
        #expect(CardID(text)?.text == text)
    }

    @Test(
        "what could steer a path, a shell or a terminal is no id",
        arguments: [
            "", ".", "..", ".a", "-a", "_a", "a/b", "a b", "a\n", "ä", "a\u{202e}b", "a\0", "$x", "a:b",
            String(repeating: "a", count: 129),
        ])
    func badID(text: String) {
        #expect(CardID(text) == nil)
    }

    @Test("a card without an id gets the same one from the same file, and random ones have 128 bits")
    func stableIDs() {
        let epic = CardID("billing")!
        #expect(epic.part(3, of: Card.self)?.text == "billing.3")
        #expect(CardID(String(repeating: "a", count: 128))!.part(1, of: Card.self) == nil)
        var generator = SeededGenerator(seed: 7)
        let ids = (0..<1_000).map { _ in CardID.random(using: &generator) }
        #expect(Set(ids).count == 1_000)
        #expect(ids.allSatisfy { $0.text.utf8.count == 32 && CardID($0.text) == $0 })
    }

    @Test("two epics of one rock, and one epic in two rocks, never share a build")
    func builds() {
        let (a, b, rock) = (CardID("a")!, CardID("b")!, CardID("r")!)
        let builds = [
            BuildID(epic: a), BuildID(epic: b), BuildID(epic: a, rock: rock), BuildID(epic: b, rock: rock),
        ].map { $0?.text }
        #expect(builds == ["build-a", "build-b", "build-r-a", "build-r-b"])
    }

    @Test("budgets are finite and bounded")
    func budgets() {
        #expect(IssueBudget(maxRetries: 0, wallMs: 1, verificationMs: 1)?.attempts == 1)
        #expect(IssueBudget(maxRetries: -1, wallMs: 1, verificationMs: 1) == nil)
        #expect(IssueBudget(maxRetries: 100, wallMs: 1, verificationMs: 1) == nil)
        #expect(IssueBudget(maxRetries: 0, wallMs: 0, verificationMs: 1) == nil)
        #expect(IssueBudget(maxRetries: 0, wallMs: 1, verificationMs: .max) == nil)
    }

    @Test("the total of a verification is the sum of its parts")
    func totals() {
        let time = UTCTime(milliseconds: 0)
        #expect(VerificationSummary(timestamp: time, passed: 2, failed: 3)?.total == 5)
        #expect(VerificationSummary(timestamp: time, passed: -1, failed: 3) == nil)
    }

    @Test("a run's outcome has one word each, which is read back as it was written")
    func outcomes() {
        let all: [RunOutcome] = [
            .completed, .completedWithFailures, .stalled(.cycle), .stalled(.blocked), .stalled(.noProgress),
            .cancelled, .failed("the disk is full"),
        ]
        #expect(
            all.map(\.code) == [
                "completed", "completed_with_failures", "stalled_cycle", "stalled_blocked", "stalled_no_progress",
                "cancelled", "failed",
            ])
        #expect(all.map(\.exitCode) == [0, 1, 1, 1, 1, 130, 3])
        for outcome in all { #expect(RunOutcome(code: outcome.code, detail: "the disk is full") == outcome) }
        #expect(RunOutcome(code: "Started") == nil)
    }
}
