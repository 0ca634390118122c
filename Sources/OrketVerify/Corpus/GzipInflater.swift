import CZlib

/// A streaming reader of gzip (RFC 1952, also several members in a row) over zlib. Output is handed on in pieces of at
/// most 64 KiB, so that a small file that inflates without end costs no memory before its reader stops.
package struct GzipInflater: ~Copyable {
    /// Why the bytes are no complete gzip stream.
    package struct Problem: Error, Hashable {
        package let message: String
    }

    private let stream: UnsafeMutablePointer<z_stream>
    private var atMemberStart = true
    private var members = 0
    private let maximumMembers: Int

    /// A fresh inflater; costs about 40 KiB until it is released. More members than the maximum are bad data.
    package init(maximumMembers: Int = .max) {
        self.maximumMembers = maximumMembers
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 16 + 15: gzip wrapper only, largest window. Only a lack of memory or a wrong zlib can fail here.
        let status = inflateInit2_(stream, 16 + 15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "inflateInit2 failed with \(status)")
    }

    deinit {
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// CRC-32 as gzip and zip have it, of what `crc` stands for and the bytes after it; starts with 0.
    package static func checksum(_ bytes: [UInt8], after crc: UInt32 = 0) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32_z(UInt(crc), bytes, bytes.count))
    }

    /// True when `bytes` start like a gzip stream.
    package static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

    /// Inflates one chunk and calls `emit` for each piece of output. Throws `Problem` inside `E` through `wrap`.
    package mutating func feed<E: Error>(
        _ input: [UInt8], wrap: (Problem) -> E, emit: ([UInt8]) throws(E) -> Void
    ) throws(E) {
        var consumed = 0
        var output = [UInt8](repeating: 0, count: 64 << 10)
        while consumed < input.count {
            if atMemberStart && members > 0 {
                if members >= maximumMembers { throw wrap(Problem(message: "bytes behind the end of the gzip stream")) }
                inflateReset(stream)
            }
            let (status, used, produced) = step(input[consumed...], into: &output)
            consumed += used
            atMemberStart = false
            if produced > 0 { try emit(Array(output[..<produced])) }
            switch status {
            case Z_STREAM_END:
                members += 1
                atMemberStart = true
            case Z_OK: break
            case Z_BUF_ERROR where produced == 0 && consumed == input.count: break
            default: throw wrap(Problem(message: "not a valid gzip stream (zlib: \(Self.name(status)))"))
            }
        }
        try drain(&output, wrap: wrap, emit: emit)
    }

    /// Fetches what zlib still holds after it took the last byte of a chunk.
    private mutating func drain<E: Error>(
        _ output: inout [UInt8], wrap: (Problem) -> E, emit: ([UInt8]) throws(E) -> Void
    ) throws(E) {
        while !atMemberStart {
            let (status, _, produced) = step([], into: &output)
            if produced > 0 { try emit(Array(output[..<produced])) }
            if status == Z_STREAM_END {
                members += 1
                atMemberStart = true
            } else if status == Z_BUF_ERROR || (status == Z_OK && produced == 0) {
                return
            } else if status != Z_OK {
                throw wrap(Problem(message: "not a valid gzip stream (zlib: \(Self.name(status)))"))
            }
        }
    }

    /// Says whether the stream ended where a member ends.
    package func finish() throws(Problem) {
        if !atMemberStart || members == 0 { throw Problem(message: "the gzip stream is truncated") }
    }

    private mutating func step(_ input: ArraySlice<UInt8>, into output: inout [UInt8]) -> (Int32, Int, Int) {
        var input = Array(input)
        return input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.pointee.next_in = source.baseAddress
                stream.pointee.avail_in = UInt32(source.count)
                stream.pointee.next_out = target.baseAddress
                stream.pointee.avail_out = UInt32(target.count)
                let status = inflate(stream, Z_NO_FLUSH)
                let used = source.count - Int(stream.pointee.avail_in)
                return (status, used, target.count - Int(stream.pointee.avail_out))
            }
        }
    }

    private static func name(_ status: Int32) -> String {
        switch status {
        case Z_DATA_ERROR: "bad data"
        case Z_NEED_DICT: "a preset dictionary is needed"
        case Z_MEM_ERROR: "out of memory"
        default: "status \(status)"
        }
    }
}
