internal import COrketLinux

/// Single facts that only a call tells.
package enum KernelCalls {
    /// Highest Landlock ABI of this kernel; 0 when it has none or it is turned off at boot.
    package static func landlockABI() -> Int32 { max(0, orket_landlock_version()) }
}
