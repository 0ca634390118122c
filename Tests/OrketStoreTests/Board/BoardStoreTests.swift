import OrketCore
import OrketStoreSamples
import Testing

@testable import OrketStore

@Suite("A board is kept: cards, histories, the ledger")
struct BoardStoreTests {
    private let place = StorePlace()

    private func store() async throws -> BoardStore {
        let store = try await place.board()
        try await store.define(BoardSample.definitions(), stamp: "1", by: BoardSample.person, at: BoardSample.now)
        return store
    }

    private func card(_ store: BoardStore, _ name: String) async throws -> CardRecord {
        try #require(try await store.card(BoardSample.id(name)))
    }

    @discardableResult
    private func move(
        _ store: BoardStore, _ name: String, _ statuses: CardStatus..., evidence: VerifiedEvidence? = nil
    ) async throws -> CardRecord {
        var last = try await card(store, name)
        for status in statuses {
            last = try await store.change(BoardSample.request(last, .move(status), evidence: evidence))
        }
        return last
    }

    @Test("what is defined comes back: order, dependencies, definitions, and nothing twice")
    func define() async throws {
        let store = try await store()
        let cards = try await store.cards(limit: 10)
        #expect(cards.map(\.id.text) == ["billing", "schema", "api", "app"])
        #expect(cards.map(\.version) == [1, 1, 1, 1])
        #expect(cards[3].dependsOn == [BoardSample.id("api")] && cards[3].parent == BoardSample.epic)
        for definition in BoardSample.definitions() {
            var expected = definition
            if case .issue(var issue) = definition {
                issue.card.build = nil
                expected = .issue(issue)
            } else if case .epic(var epic) = definition {
                epic.card.build = nil
                expected = .epic(epic)
            }
            #expect(try await store.definition(definition.id) == expected)
        }
        let again = try await store.define(
            BoardSample.definitions(), stamp: "2", by: BoardSample.person, at: BoardSample.now)
        #expect(again.isEmpty)
        #expect(try await store.stamp() == "2")
        #expect(try await store.events(of: nil, limit: 100).count == 4)
    }

    @Test("files never change a status; what they name no more stays, with its history")
    func redefine() async throws {
        let store = try await store()
        try await move(store, "schema", .inProgress)
        var changed = BoardSample.definitions(["schema", "api"])
        if case .issue(var issue) = changed[2] {
            issue.card.name = "Another"
            issue.dependsOn = []
            changed[2] = .issue(issue)
        }
        let change = try await store.define(changed, stamp: "2", by: BoardSample.person, at: BoardSample.now)
        #expect(change.changed.map(\.text) == ["api"] && change.removed.map(\.text) == ["app"] && change.added == [])
        let schema = try await card(store, "schema")
        #expect(schema.status == .inProgress && schema.version == 2)
        let api = try await card(store, "api")
        #expect(api.name == "Another" && api.dependsOn == [] && api.version == 2)
        let app = try await card(store, "app")
        #expect(!app.isDefined && app.version == 2)
        #expect(try await store.count(CardFilter(isDefined: true)) == 3)
        let back = try await store.define(
            BoardSample.definitions(), stamp: "3", by: BoardSample.person, at: BoardSample.now)
        #expect(back.changed.map(\.text) == ["api", "app"])
        #expect(
            try await store.events(of: BoardSample.id("app"), limit: 9).map(\.cause) == [.created, .defined, .defined])
    }

    @Test("what cannot be kept is refused as a whole: unknown dependencies, other types, a first status of done")
    func refusals() async throws {
        let store = try await store()
        func refused(_ definitions: [CardDefinition]) async {
            let error = await #expect(throws: StoreError.self) {
                try await store.define(definitions, stamp: "9", by: BoardSample.person, at: BoardSample.now)
            }
            #expect(error?.code == .refused, "\(error?.description ?? "")")
        }
        await refused(BoardSample.definitions() + [.issue(BoardSample.issue("more", after: ["nowhere"]))])
        await refused([.rock(Rock(id: BoardSample.id("schema"), epics: []))])
        var done = BoardSample.issue("more")
        done.card.status = .done
        await refused(BoardSample.definitions() + [.issue(done)])
        #expect(try await store.stamp() == "1")
        #expect(try await store.count() == 4)
    }

    @Test(
        "DONE was granted on a model's word: without the gate's token nothing is done, and with it the ledger says why")
    func done() async throws {
        let store = try await store()
        try await move(store, "schema", .inProgress, .codeReview)
        let refusal = await #expect(throws: WorkStoreFailure.self) { try await move(store, "schema", .done) }
        guard case .refused(let problems) = refusal else { throw refusal! }
        #expect(problems.problems.map(\.code) == [.evidenceMissing])
        #expect(try await store.successes(limit: 9) == [])
        let evidence = BoardSample.evidence(of: BoardSample.id("schema"))
        let done = try await move(store, "schema", .done, evidence: evidence)
        #expect(done.status == .done && done.version == 4)
        let success = try #require(try await store.successes(limit: 9).first)
        #expect(success.card == done.id && success.version == 4 && success.evidence == Success.evidence(evidence))
        #expect(try await store.used([.sample(9), .sample(8)]) == [.sample(9): done.id])
        let events = try await store.events(of: done.id, limit: 9)
        #expect(events.map(\.to) == [.ready, .inProgress, .codeReview, .done])
        #expect(events.map(\.version) == [1, 2, 3, 4] && events[3].evidence == Success.evidence(evidence))
    }

    @Test("the same receipt cannot complete a second issue, whatever the caller says")
    func replay() async throws {
        let store = try await store()
        try await move(
            store, "schema", .inProgress, .codeReview, .done,
            evidence: BoardSample.evidence(of: BoardSample.id("schema")))
        try await move(store, "api", .inProgress, .codeReview)
        let error = await #expect(throws: WorkStoreFailure.self) {
            try await move(store, "api", .done, evidence: BoardSample.evidence(of: BoardSample.id("api")))
        }
        #expect("\(error!)".contains("a receipt completes one card only"))
        #expect(try await card(store, "api").status == .codeReview)
        #expect(try await store.successes(limit: 9).count == 1)
    }

    @Test("update_status on a missing id succeeded and wrote an audit row: it is an error, and nothing is written")
    func missing() async throws {
        let store = try await store()
        var ghost = try await card(store, "schema")
        ghost.id = BoardSample.id("ghost")
        await #expect(throws: WorkStoreFailure.noSuchCard(ghost.id)) {
            try await store.change(BoardSample.request(ghost, .move(.inProgress)))
        }
        #expect(try await store.events(of: nil, limit: 99).count == 4)
    }

    @Test("two writers of one row: who read an older version is refused, and the other's change stays")
    func stale() async throws {
        let store = try await store()
        let old = try await card(store, "schema")
        try await move(store, "schema", .inProgress)
        let error = await #expect(throws: WorkStoreFailure.self) {
            try await store.change(BoardSample.request(old, .event(.cancel)))
        }
        guard case .refused(let refusal) = error else { throw error! }
        #expect(refusal.problems.map(\.code) == [.staleVersion])
        await #expect(throws: WorkStoreFailure.self) {
            try await store.assign(old.id, version: 1, to: "bob", by: BoardSample.person, at: BoardSample.now)
        }
        let assigned = try await store.assign(
            old.id, version: 2, to: "bob", by: BoardSample.person, at: BoardSample.now)
        #expect(assigned.assignee == "bob" && assigned.version == 3 && assigned.status == .inProgress)
    }

    @Test("wait_reason was neither typed nor stored nor cleared: it is stored with the status and cleared with it")
    func waiting() async throws {
        let store = try await store()
        let moved = try await move(store, "schema", .inProgress)
        await #expect(throws: WorkStoreFailure.self) {
            try await store.change(BoardSample.request(moved, .move(.blocked)))
        }
        let blocked = try await store.change(BoardSample.request(moved, .move(.blocked), wait: .input))
        #expect(blocked.waitReason == .input)
        #expect(try await store.cards(CardFilter(waitReason: .input), limit: 9).map(\.id) == [blocked.id])
        #expect(try await move(store, "schema", .inProgress).waitReason == nil)
    }

    @Test("DONE had no dependency check: an issue starts when everything before it is done")
    func dependencies() async throws {
        let store = try await store()
        await #expect(throws: WorkStoreFailure.self) { try await move(store, "api", .inProgress) }
        try await move(
            store, "schema", .inProgress, .codeReview, .done,
            evidence: BoardSample.evidence(of: BoardSample.id("schema")))
        #expect(try await move(store, "api", .inProgress).status == .inProgress)
        try await move(store, "billing", .inProgress)
        let error = await #expect(throws: WorkStoreFailure.self) { try await move(store, "billing", .done) }
        guard case .refused(let refusal) = error else { throw error! }
        #expect(refusal.problems.map(\.code) == [.childrenOpen])
    }

    @Test("comments are kept in their order; a card that is not there has none")
    func comments() async throws {
        let store = try await store()
        let id = BoardSample.id("schema")
        for text in ["one", "two\u{202e}"] { try await store.comment(id, text, by: "ada", at: BoardSample.now) }
        #expect(try await store.comments(on: id).map(\.text) == ["one", "two\u{202e}"])
        let absent = await #expect(throws: StoreError.self) {
            try await store.comment(BoardSample.id("ghost"), "x", by: "ada", at: BoardSample.now)
        }
        #expect(absent?.code == .absent)
        let empty = await #expect(throws: StoreError.self) {
            try await store.comment(id, "", by: "ada", at: BoardSample.now)
        }
        #expect(empty?.code == .refused)
    }

    @Test("twenty thousand issues: every list is answered by an index, in the order of creation, without sorting")
    func large() async throws {
        let store = try await place.board()
        var definitions = BoardSample.definitions([])
        definitions += (0..<20_000).map {
            .issue(BoardSample.issue("i\($0)", after: $0 % 7 == 0 ? [] : ["i\($0 - 1)"]))
        }
        try await store.define(definitions, stamp: "1", by: BoardSample.person, at: BoardSample.now)
        for filter in [
            CardFilter(), CardFilter(statuses: [.ready]), CardFilter(parent: BoardSample.epic),
            CardFilter(seat: .standard),
        ] {
            let plan = try await store.queryPlan(filter)
            #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
            #expect(filter == CardFilter() || plan[0].contains("USING INDEX card"), "\(plan)")
        }
        let page = try await store.cards(CardFilter(statuses: [.ready], parent: BoardSample.epic), limit: 100_000)
        #expect(page.count == 20_000 && page[9].dependsOn == [BoardSample.id("i8")])
        #expect(
            try await store.cards(CardFilter(), limit: 3, after: page[0].number).map(\.id.text) == ["i1", "i2", "i3"])
        #expect(try await store.count(CardFilter(type: .issue)) == 20_000)
    }
}
