import OrketCore

/// Whether symbolic links stay inside the candidate, whatever other links they lead over. Nothing is looked up on the host:
/// the names are resolved within the listing, as a kernel would in a tree that holds nothing else.
struct LinkRules {
    /// As Linux allows for one path.
    private static let maximumHops = 40
    /// Over all links of one candidate, so that links over links cost bounded time.
    private var steps = 200_000
    private let targets: [[UInt8]: [UInt8]]

    init(_ items: [Listing.Item]) {
        targets = Dictionary(uniqueKeysWithValues: items.filter { $0.kind == .link }.map { ($0.path, $0.target) })
    }

    /// Why a link is refused, or nil.
    mutating func problem(with item: Listing.Item, _ limits: ImportLimits) -> String? {
        if item.target.isEmpty { return "a link to nowhere" }
        if item.target.count > limits.pathBytes { return "a link with more than \(limits.pathBytes) bytes of target" }
        guard let text = String(validating: item.target, as: UTF8.self),
            !text.unicodeScalars.contains(where: \.isDeceptive)
        else { return "a link to \(ImportFindings.shown(item.target)), which is no clean text" }
        return resolve(item).map { "a link to \(ImportFindings.shown(item.target)), which \($0)" }
    }

    private mutating func resolve(_ item: Listing.Item) -> String? {
        let slash = UInt8(ascii: "/")
        if item.target.first == slash { return "is absolute" }
        // What lies above an entry is a directory: the listing refuses entries beneath links.
        var place = item.path.split(separator: slash).dropLast().map(Array.init)
        var pending = Array(item.target.split(separator: slash).map(Array.init).reversed())
        var hops = 0
        while let part = pending.popLast() {
            steps -= 1
            if steps < 0 { return "leads over too many other links" }
            if part == Array(".".utf8) { continue }
            if part == Array("..".utf8) {
                if place.popLast() == nil { return "leads out of the candidate" }
                continue
            }
            place.append(part)
            guard let target = targets[Array(place.joined(separator: [slash]))] else { continue }
            hops += 1
            if hops > Self.maximumHops { return "leads in a circle, or over more than \(Self.maximumHops) links" }
            if target.first == slash { return "leads out of the candidate over another link" }
            place.removeLast()
            pending += target.split(separator: slash).map(Array.init).reversed()
        }
        return nil
    }
}
