/// What kind of work a card is. Rocks hold epics, epics hold issues. The raw values stand in files and in the store.
package enum CardType: String, Sendable, CaseIterable {
    case rock, epic, issue, utility, app
}
