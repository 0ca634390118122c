import OrketCore
import OrketTestSupport
import Testing

@Suite("Transitions")
struct TransitionTests {
    private static let card = CardID("ISSUE-1")!
    private static let time = UTCTime(milliseconds: 1_770_000_000_000)
    private static let person = Actor(.person, "ada")!
    private static let engine = Actor(.engine, "s1")!

    /// Edges as they were written down by hand from the description of the state machine, one line a status.
    private static let golden: [CardType: String] = [
        .issue: """
        ready: in_progress canceled
        in_progress: blocked waiting_for_developer ready_for_testing code_review canceled
        blocked: in_progress canceled
        waiting_for_developer: in_progress canceled
        ready_for_testing: code_review in_progress canceled
        code_review: done in_progress ready_for_testing
        """,
        .epic: """
        ready: in_progress canceled
        in_progress: code_review done canceled
        code_review: done in_progress
        """,
        .rock: """
        ready: in_progress canceled
        in_progress: done canceled
        """,
    ]

    private static func edges(_ type: CardType) -> Set<[String]> {
        var found: Set<[String]> = []
        for line in (golden[type] ?? "").split(separator: "\n") {
            let parts = line.split(separator: ":")
            for target in parts[1].split(separator: " ") { found.insert([String(parts[0]), String(target)]) }
        }
        return found
    }

    private static func request(
        _ change: TransitionRequest.Change, by actor: Actor = person, version: Int64 = 1, roles: Set<RoleID> = [],
        waitReason: WaitReason? = nil, evidence: VerifiedEvidence? = nil, reason: String = ""
    ) -> TransitionRequest {
        TransitionRequest(
            card, version: version, change, by: actor, roles: roles, waitReason: waitReason, evidence: evidence,
            reason: reason, at: time)
    }

    private static func codes(_ request: TransitionRequest, _ facts: TransitionFacts) -> [String] {
        do {
            _ = try StateMachine.decide(request, facts: facts)
            return []
        } catch { return error.problems.map(\.code.rawValue) }
    }

    /// One combination of the matrix.
    private struct Combination {
        let type: CardType
        let from: CardStatus
        let to: CardStatus
        let waits: Bool
        let guards: Bool
        let verified: Bool

        var isAllowed: Bool {
            let request = TransitionTests.request(
                .move(to), roles: guards ? [.integrityGuard] : [], waitReason: waits ? .dependency : nil,
                evidence: verified ? GateSamples.token(of: TransitionTests.card) : nil)
            let facts = TransitionFacts(type: type, status: from)
            return (try? StateMachine.decide(request, facts: facts)) ?? nil != nil
        }

        /// The three rules, said once more and differently.
        var isExpected: Bool {
            guard TransitionTests.edges(type).contains([from.rawValue, to.rawValue]) else { return false }
            if to == .blocked || to == .waitingForDeveloper { return waits }
            return type == .issue && to == .done ? guards && verified : true
        }

        static func all(verified: Bool) -> [Combination] {
            var all: [Combination] = []
            for type in CardType.allCases {
                for from in CardStatus.allCases {
                    for to in CardStatus.allCases {
                        for (waits, guards) in [(false, false), (false, true), (true, false), (true, true)] {
                            all.append(
                                Combination(
                                    type: type, from: from, to: to, waits: waits, guards: guards, verified: verified))
                        }
                    }
                }
            }
            return all
        }
    }

    @Test("of all 1,620 combinations exactly 106 are allowed with verified evidence, and 104 without")
    func matrix() {
        let (with, without) = (Combination.all(verified: true), Combination.all(verified: false))
        #expect(with.count == 1_620)
        #expect((with + without).filter { $0.isAllowed != $0.isExpected }.isEmpty)
        #expect(with.count(where: \.isAllowed) == 106)
        #expect(without.count(where: \.isAllowed) == 104)
    }

    @Test("no status and no event leads an issue to done without evidence of its own")
    func onlyEvidence() {
        for from in CardStatus.allCases {
            for actor in Actor.Kind.allCases {
                for event in SystemEvent.allCases {
                    let transition = try? StateMachine.decide(
                        Self.request(
                            .event(event), by: Actor(actor, "x")!, roles: [.integrityGuard], reason: "because"),
                        facts: TransitionFacts(type: .issue, status: from, attemptsLeft: 1))
                    #expect(transition?.to != .done)
                }
            }
        }
        let foreign = Self.request(
            .move(.done), roles: [.integrityGuard], evidence: GateSamples.token(of: CardID("ISSUE-2")!))
        #expect(
            Self.codes(foreign, TransitionFacts(type: .issue, status: .codeReview)) == ["evidence_mismatch"])
    }

    @Test("done is refused while a dependency is open, as is beginning")
    func openDependencies() {
        let open = TransitionFacts(type: .issue, status: .codeReview, openDependencies: [CardID("A")!])
        let done = Self.request(
            .move(.done), roles: [.integrityGuard], evidence: GateSamples.token(of: Self.card))
        #expect(Self.codes(done, open) == ["dependency_unresolved"])
        let ready = TransitionFacts(type: .issue, status: .ready, openDependencies: [CardID("A")!])
        #expect(Self.codes(Self.request(.move(.inProgress)), ready) == ["dependency_unresolved"])
        #expect(Self.codes(Self.request(.move(.canceled)), ready) == [])
    }

    @Test("an epic is not done while an issue in it is open")
    func openChildren() {
        let facts = TransitionFacts(type: .epic, status: .inProgress, openChildren: [CardID("A")!])
        #expect(Self.codes(Self.request(.move(.done)), facts) == ["children_open"])
        #expect(Self.codes(Self.request(.move(.done)), TransitionFacts(type: .epic, status: .inProgress)) == [])
    }

    @Test("a refusal gives every reason at once, in their order, with what to do")
    func allReasons() {
        let request = Self.request(.move(.done), version: 3, reason: String(repeating: "x", count: 20_000))
        let facts = TransitionFacts(
            type: .issue, status: .ready, version: 4, openDependencies: (1...7).map { CardID("D\($0)")! })
        #expect(
            Self.codes(request, facts) == [
                "no_such_transition", "stale_version", "role_missing", "evidence_missing", "dependency_unresolved",
                "reason_too_long",
            ])
        do {
            _ = try StateMachine.decide(request, facts: facts)
            Testing.Issue.record("it was allowed")
        } catch {
            #expect(
                error.description.hasPrefix(
                    "card 'ISSUE-1': no issue goes from ready to done: it can go to in_progress"))
            #expect(error.description.contains("'D5' and 2 more"))
        }
    }

    @Test("a wait reason is stored where a card waits, and cleared where it does not")
    func waitReasonIsCleared() throws {
        let blocked = try StateMachine.decide(
            Self.request(.move(.blocked), waitReason: .input), facts: TransitionFacts(type: .issue, status: .inProgress)
        )
        #expect(blocked?.waitReason == .input)
        let on = try StateMachine.decide(
            Self.request(.move(.inProgress), waitReason: .input),
            facts: TransitionFacts(type: .issue, status: .blocked, waitReason: .input))
        #expect(on != nil && on?.waitReason == nil)
    }

    @Test("asking for where a card already is writes nothing, and another wait reason is no such move")
    func sameState() throws {
        let facts = TransitionFacts(type: .issue, status: .done)
        #expect(try StateMachine.decide(Self.request(.move(.done)), facts: facts) == nil)
        let waiting = TransitionFacts(type: .issue, status: .blocked, waitReason: .input)
        #expect(try StateMachine.decide(Self.request(.move(.blocked), waitReason: .input), facts: waiting) == nil)
        #expect(Self.codes(Self.request(.move(.blocked), waitReason: .review), waiting) == ["no_such_transition"])
    }

    @Test("every transition is one version after what it was decided on")
    func versions() throws {
        let facts = TransitionFacts(type: .issue, status: .ready, version: 7)
        let transition = try StateMachine.decide(Self.request(.move(.inProgress), version: 7), facts: facts)
        #expect(transition?.fromVersion == 7)
        #expect(transition?.toVersion == 8)
        #expect(Self.codes(Self.request(.move(.inProgress), version: 6), facts) == ["stale_version"])
    }

    @Test("the events of the system lead where the table says, from nowhere else, and for nobody else")
    func events() {
        let golden = """
            requeue: in_progress ready_for_testing code_review -> ready, engine
            recover: in_progress ready_for_testing code_review -> ready, engine
            exhaust: in_progress ready_for_testing code_review -> blocked, engine, review
            infrastructure_blocked: ready in_progress ready_for_testing code_review -> blocked, engine, system
            dependency_blocked: ready -> blocked, engine, dependency
            unblock: blocked -> ready, engine person
            cancel: ready in_progress blocked waiting_for_developer ready_for_testing code_review -> canceled, person forge
            reset: in_progress blocked waiting_for_developer ready_for_testing code_review done canceled -> ready, person
            archive: done canceled -> archived, person
            """
        let table = SystemEvent.allCases.map { event in
            let rule = event.rule
            let from = CardStatus.allCases.filter(rule.from.contains).map(\.rawValue).joined(separator: " ")
            let actors = Actor.Kind.allCases.filter(rule.actors.contains).map(\.rawValue).joined(separator: " ")
            let waits = rule.waitReason.map { ", " + $0.rawValue } ?? ""
            return "\(event.rawValue): \(from) -> \(rule.to.rawValue), \(actors)\(waits)"
        }
        #expect(table.joined(separator: "\n") == golden)
        for event in SystemEvent.allCases {
            for status in CardStatus.allCases {
                for kind in Actor.Kind.allCases {
                    let request = Self.request(.event(event), by: Actor(kind, "x")!, reason: "because")
                    let facts = TransitionFacts(
                        type: .issue, status: status, waitReason: status.needsWaitReason ? .system : nil,
                        openDependencies: event == .dependencyBlocked ? [CardID("A")!] : [], attemptsLeft: 1)
                    let expected = event.rule.from.contains(status) && event.rule.actors.contains(kind)
                    #expect(Self.codes(request, facts).isEmpty == expected, "\(event) \(status) \(kind)")
                }
            }
        }
    }

    @Test("a card is put back only with attempts left and a reason")
    func requeueGuard() {
        func codes(_ left: Int?, _ reason: String) -> [String] {
            Self.codes(
                Self.request(.event(.requeue), by: Self.engine, reason: reason),
                TransitionFacts(type: .issue, status: .codeReview, attemptsLeft: left))
        }
        #expect(codes(1, "it failed") == [])
        #expect(codes(0, "it failed") == ["attempts_exhausted"])
        #expect(codes(nil, "") == ["reason_missing", "attempts_exhausted"])
    }

    @Test("no run resets anything by itself: only a person resets, and says why")
    func resetGuard() {
        let facts = TransitionFacts(type: .issue, status: .done)
        #expect(
            Self.codes(Self.request(.event(.reset), by: Self.engine, reason: "again"), facts) == ["actor_not_allowed"])
        #expect(Self.codes(Self.request(.event(.reset)), facts) == ["reason_missing"])
        #expect(Self.codes(Self.request(.event(.reset), reason: "again"), facts) == [])
    }

    @Test("the engine unblocks only what waits for no person, and only when nothing is open")
    func unblockGuard() {
        for reason in WaitReason.allCases {
            let facts = TransitionFacts(type: .issue, status: .blocked, waitReason: reason)
            let byEngine = Self.codes(Self.request(.event(.unblock), by: Self.engine), facts)
            #expect(byEngine == (reason == .review || reason == .input ? ["actor_not_allowed"] : []))
            #expect(Self.codes(Self.request(.event(.unblock)), facts) == [])
        }
        let open = TransitionFacts(
            type: .issue, status: .blocked, waitReason: .dependency, openDependencies: [CardID("A")!])
        #expect(Self.codes(Self.request(.event(.unblock)), open) == ["dependency_unresolved"])
    }
}
