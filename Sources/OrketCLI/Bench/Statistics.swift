/// Order statistics of one series. Never empty.
struct Statistics: Sendable, Codable, Hashable {
    var count: Int
    var min: Double
    var p50: Double
    var p90: Double
    var p99: Double
    var max: Double

    init(_ values: [Double]) {
        let sorted = values.sorted()
        func rank(_ share: Double) -> Double { sorted[Swift.min(sorted.count - 1, Int(Double(sorted.count) * share))] }
        count = sorted.count
        min = sorted.first ?? 0
        p50 = sorted.isEmpty ? 0 : rank(0.5)
        p90 = sorted.isEmpty ? 0 : rank(0.9)
        p99 = sorted.isEmpty ? 0 : rank(0.99)
        max = sorted.last ?? 0
    }
}
