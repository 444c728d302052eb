/// Base64 with the standard alphabet and padding (RFC 4648 §4), of texts that are held whole.
///
/// Files are encoded and decoded as they stream: `Base64Encoder` and `Base64Decoder` of `Multipart`.
package enum Base64 {
    package static func text(_ bytes: some Sequence<UInt8>) -> String {
        var out = Base64Letters.encoded(bytes, Base64Letters.standard)
        while out.count % 4 != 0 { out.append(UInt8(ascii: "=")) }
        return String(decoding: out, as: UTF8.self)
    }
}

/// Base64 with the URL-safe alphabet and no padding (RFC 4648 §5); reading accepts the standard alphabet and padding too.
package enum Base64URL {
    package static func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: encoded(bytes), as: UTF8.self) }

    /// The text's bytes; of an array it leaves no copy behind.
    package static func encoded(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        Base64Letters.encoded(bytes, Base64Letters.urlSafe)
    }

    /// Nil where a character is foreign, the length is impossible, or bits beyond the last byte are set.
    package static func bytes(_ text: String) -> [UInt8]? { bytes(text.utf8) }

    /// As above; leaves no copy of the text or the bytes behind.
    package static func bytes(_ text: some BidirectionalCollection<UInt8>) -> [UInt8]? {
        // Where the bytes lie: taken one by one from a collection of another module, each would cost a call.
        text.withContiguousStorageIfAvailable { decoded($0) } ?? decoded(text)
    }

    private static func decoded(_ text: some BidirectionalCollection<UInt8>) -> [UInt8]? {
        var characters = text[...]
        while characters.last == UInt8(ascii: "=") { characters.removeLast() }
        guard characters.count % 4 != 1 else { return nil }
        var out: [UInt8] = []
        out.reserveCapacity(characters.count * 3 / 4)
        var buffer: UInt32 = 0
        var bits = 0
        for character in characters {
            guard let value = Base64Letters.value(character) else { return nil }
            buffer = buffer << 6 | value
            bits += 6
            if bits >= 8 {
                bits -= 8
                out.append(UInt8(buffer >> UInt32(bits) & 0xFF))
                buffer &= (1 << UInt32(bits)) - 1
            }
        }
        return buffer == 0 ? out : nil
    }
}

/// The letters of both alphabets.
package enum Base64Letters {
    package static let standard = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    package static let urlSafe = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The letters of the bytes, without padding; of an array it leaves no copy behind.
    package static func encoded(_ bytes: some Sequence<UInt8>, _ alphabet: [UInt8]) -> [UInt8] {
        // As in `Base64URL.bytes`.
        bytes.withContiguousStorageIfAvailable { letters($0, alphabet) } ?? letters(bytes, alphabet)
    }

    private static func letters(_ bytes: some Sequence<UInt8>, _ alphabet: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.underestimatedCount * 4 / 3 + 4)
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                out.append(alphabet[Int(buffer >> UInt32(bits) & 63)])
            }
            buffer &= 0xFF
        }
        if bits > 0 { out.append(alphabet[Int(buffer << UInt32(6 - bits) & 63)]) }
        return out
    }

    /// The six bits that a letter of either alphabet stands for.
    @inlinable package static func value(_ letter: UInt8) -> UInt32? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "-"), UInt8(ascii: "+"): 62
        case UInt8(ascii: "_"), UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
