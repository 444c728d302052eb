package import NIOCore

/// Encodes a stream of bytes as base64 (RFC 4648), on one line.
package struct Base64Encoder: Sendable {
    private let urlSafe: Bool
    private let padding: Bool
    /// Bytes that do not fill a group of three yet: the low 8 × `carried` bits.
    private var carry: UInt32 = 0
    private var carried = 0

    /// - Parameters:
    ///   - urlSafe: `-` and `_` in place of `+` and `/` (RFC 4648 §5).
    ///   - padding: `=` at the end where the last group is not full.
    package init(urlSafe: Bool = false, padding: Bool = true) {
        self.urlSafe = urlSafe
        self.padding = padding
    }

    /// The characters that so many bytes become, padding included.
    package static func encodedLength(of bytes: Int) -> Int { (bytes + 2) / 3 * 4 }

    /// The characters of what fills groups of three so far.
    package mutating func encode(_ chunk: ByteBuffer) -> ByteBuffer {
        var out = ByteBufferAllocator().buffer(capacity: Self.encodedLength(of: chunk.readableBytes + 2) + 8)
        chunk.withUnsafeReadableBytes { encode($0, into: &out) }
        return out
    }

    /// The characters of the last group; empty where all groups were full.
    package mutating func finish() -> ByteBuffer {
        var out = ByteBuffer()
        guard carried > 0 else { return out }
        let alphabet = urlSafe ? Base64Tables.urlSafe : Base64Tables.standard
        let bits = carry << UInt32(8 * (3 - carried))
        for place in 0...carried { out.writeInteger(alphabet[Int(bits >> UInt32(6 * (3 - place))) & 63]) }
        if padding { out.writeRepeatingByte(ASCII.equals, count: 3 - carried) }
        carried = 0
        carry = 0
        return out
    }

    private mutating func encode(_ input: UnsafeRawBufferPointer, into out: inout ByteBuffer) {
        var at = 0
        while at < input.count, carried > 0 {
            carry = carry << 8 | UInt32(input[at])
            carried += 1
            at += 1
            if carried == 3 { flush(into: &out) }
        }
        let pairs = urlSafe ? Base64Tables.urlSafePairs : Base64Tables.standardPairs
        let groups = (input.count - at) / 3
        out.writeWithUnsafeMutableBytes(minimumWritableBytes: groups * 4 + 8) { output in
            var to = 0
            pairs.withUnsafeBufferPointer { pairs in
                // Six bytes a step; eight are loaded.
                while at + 8 <= input.count {
                    let word = input.loadUnaligned(fromByteOffset: at, as: UInt64.self).bigEndian
                    output.storeBytes(of: pairs[Int(word >> 52)], toByteOffset: to, as: UInt16.self)
                    output.storeBytes(of: pairs[Int(word >> 40 & 0xFFF)], toByteOffset: to + 2, as: UInt16.self)
                    output.storeBytes(of: pairs[Int(word >> 28 & 0xFFF)], toByteOffset: to + 4, as: UInt16.self)
                    output.storeBytes(of: pairs[Int(word >> 16 & 0xFFF)], toByteOffset: to + 6, as: UInt16.self)
                    at += 6
                    to += 8
                }
                while at + 3 <= input.count {
                    let bits = Int(input[at]) << 16 | Int(input[at + 1]) << 8 | Int(input[at + 2])
                    output.storeBytes(of: pairs[bits >> 12], toByteOffset: to, as: UInt16.self)
                    output.storeBytes(of: pairs[bits & 0xFFF], toByteOffset: to + 2, as: UInt16.self)
                    at += 3
                    to += 4
                }
            }
            return to
        }
        while at < input.count {
            carry = carry << 8 | UInt32(input[at])
            carried += 1
            at += 1
        }
    }

    private mutating func flush(into out: inout ByteBuffer) {
        let pairs = urlSafe ? Base64Tables.urlSafePairs : Base64Tables.standardPairs
        out.writeInteger(pairs[Int(carry >> 12 & 0xFFF)], endianness: .host)
        out.writeInteger(pairs[Int(carry & 0xFFF)], endianness: .host)
        carry = 0
        carried = 0
    }
}
