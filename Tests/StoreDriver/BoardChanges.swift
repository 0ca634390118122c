internal import Glibc
import OrketCore
import OrketStore
import OrketStoreSamples
import OrketSystem

/// Changes the cards of the sample board as fast as it can, while others may do the same: reads, asks, and reads again where
/// somebody was faster.
enum BoardChanges {
    static func run(_ path: String, count: Int) async throws(StoreError) {
        guard let store = try await BoardStore.open(path, now: UTCTime(milliseconds: 0), busyTimeout: 20) else {
            fatalError("the board was not made")
        }
        try await store.define(BoardSample.definitions(), stamp: "1", by: BoardSample.person, at: BoardSample.now)
        var (done, seen) = (0, Int64(0))
        while count == 0 || done < count {
            guard let card = try await store.card(BoardSample.id("schema")) else { fatalError("no card") }
            let next: CardStatus = card.status == .inProgress ? .blocked : .inProgress
            do throws(WorkStoreFailure) {
                let reason = "\(Process.processID)-\(done)"
                try await store.change(BoardSample.request(card, .move(next), wait: .input, reason: reason))
                // Where another one has moved it there first, nothing was to be written.
                let events = try await recent(store, after: &seen)
                guard let own = events.first(where: { $0.reason == reason }) else { continue }
                StoreDriver.say("changed \(own.card) \(own.version)")
                done += 1
            } catch {
                switch error {
                case .refused(let refusal) where refusal.problems.contains { $0.code == .staleVersion }: continue
                default:
                    StoreDriver.say("error \(error)")
                    exit(3)
                }
            }
        }
    }

    private static func recent(
        _ store: BoardStore, after seen: inout Int64
    ) async throws(WorkStoreFailure) -> [CardEvent] {
        do throws(StoreError) {
            let events = try await store.events(of: BoardSample.id("schema"), after: seen, limit: 100_000)
            seen = events.last?.number ?? seen
            return events
        } catch {
            throw WorkStoreFailure(error)
        }
    }
}
