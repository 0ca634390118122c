internal import COrketLinux

/// CLOCK_BOOTTIME: never set back or forward by an administrator, and it counts while the machine sleeps.
package enum BootClock {
    /// Nanoseconds since boot.
    package static var now: UInt64 { orket_boottime_nanoseconds() }

    /// Milliseconds between two readings.
    package static func milliseconds(from start: UInt64, to end: UInt64) -> Double {
        Double(end &- start) / 1_000_000
    }
}
