/// Measured figures for people.
enum Figures {
    /// Rounded; what is no number or out of all bounds becomes 0 or the bound.
    static func whole(_ value: Double) -> Int64 { Int64(max(0, min(value.rounded(), 1e15))) }

    /// In MiB with one decimal, without it when it is exact.
    static func size(_ bytes: UInt64) -> String {
        if bytes >= 1 << 20, bytes % (1 << 20) == 0 { return "\(bytes >> 20) MiB" }
        let tenths = bytes / ((1 << 20) / 10)
        return "\(tenths / 10).\(tenths % 10) MiB"
    }
}
