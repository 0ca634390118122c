/// What a candidate may consist of; whatever exceeds a cap is refused as a whole, never cut.
package struct ImportLimits: Sendable, Hashable {
    /// Bytes of all files and link targets together, after decompression.
    package var totalBytes: UInt64 = 256 << 20
    /// Bytes of one file.
    package var fileBytes: UInt64 = 64 << 20
    /// Files, links and directories, also those directories that only the paths of an archive name.
    package var entries = 20_000
    /// Components of a path.
    package var depth = 32
    /// Bytes of a path, and of the target of a link. The sandbox takes no longer ones.
    package var pathBytes = 1_024
    /// Inflated bytes for each compressed byte, of an entry of a zip and of a whole compressed tar.
    package var compressionRatio: UInt64 = 200
    /// Inflated bytes up to which the ratio does not matter: a small file of one repeated byte is no attack.
    package var ratioFloorBytes: UInt64 = 1 << 20
    /// Seconds that git may take for one command on a repository.
    package var gitSeconds = 120

    /// The standard caps.
    package init() {}

    /// True when so much comes of so little that the rest is not worth reading.
    func isBomb(inflated: UInt64, compressed: UInt64) -> Bool {
        let (allowed, overflow) = compressed.multipliedReportingOverflow(by: compressionRatio)
        return inflated > ratioFloorBytes && !overflow && inflated > allowed
    }

    /// Bytes that an archive file, or a tar that was inflated, may have: contents, and three blocks of 512 bytes and a
    /// name for each entry.
    var archiveBytes: UInt64 { totalBytes + UInt64(entries) * (1_536 + 2 * UInt64(pathBytes)) + (1 << 20) }
}
