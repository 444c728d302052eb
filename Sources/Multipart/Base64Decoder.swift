package import NIOCore

/// Decodes a stream of base64 text (RFC 4648).
///
/// The alphabet may be the standard or the URL-safe one, but not both in one text. Padding may be left out; where it
/// stands, it must be right. Line breaks are passed over, as MIME folds its lines (RFC 2045 §6.8), and so is white space
/// at both ends of the text. A blank between two characters is damage: it is what a form makes of `+`. A blank at an end
/// may be that too, so the groups must then be complete. Bits that the last character has to spare are not looked at.
package struct Base64Decoder: Sendable {
    private enum Alphabet { case undecided, standard, urlSafe }

    private var alphabet = Alphabet.undecided
    /// Characters that do not fill a group of four yet: the low 6 × `carried` bits.
    private var carry: UInt32 = 0
    private var carried = 0
    private var padding = 0
    private var read = 0
    /// A character of the alphabet has come.
    private var hasBegun = false
    /// A blank has come behind a character: only white space may follow.
    private var isOver = false
    private var hasBlanks = false

    package init() {}

    /// The bytes that so many characters can become at most.
    package static func maxDecodedLength(of characters: Int) -> Int { characters / 4 * 3 + 3 }

    /// The bytes of the groups that are full so far.
    ///
    /// - Throws: `FormError.Code.invalidBase64` with the offset of the first character that cannot stand there.
    package mutating func decode(_ chunk: ByteBuffer) throws(FormError) -> ByteBuffer {
        var out = ByteBuffer()
        var rest = chunk
        while true {
            rest.moveReaderIndex(forwardBy: rest.withUnsafeReadableBytes { consume($0, into: &out) })
            guard let stopper = rest.readInteger(as: UInt8.self) else { return out }
            guard pass(stopper) else {
                throw FormError(.invalidBase64, "the text is not base64 at offset \(read)", offset: read)
            }
        }
    }

    /// The bytes of the last group.
    ///
    /// - Throws: `FormError.Code.invalidBase64` where characters or padding are missing.
    package mutating func finish() throws(FormError) -> ByteBuffer {
        var out = ByteBuffer()
        guard finish(into: &out) else {
            throw FormError(.invalidBase64, "the base64 text ends inside a group of four characters", offset: read)
        }
        return out
    }

    /// Decodes up to the first character that is neither of the alphabet nor padding in its place.
    ///
    /// - Returns: how many characters that were.
    mutating func consume(_ input: UnsafeRawBufferPointer, into out: inout ByteBuffer) -> Int {
        if isOver { return 0 }
        var at = 0
        while at < input.count {
            if carried == 0, padding == 0, input.count - at >= 4 { at += groups(input, from: at, into: &out) }
            guard at < input.count, take(input[at], into: &out) else { break }
            at += 1
        }
        read += at
        if at > 0 { hasBegun = true }
        return at
    }

    /// Passes over white space; false where the byte is none.
    mutating func pass(_ byte: UInt8) -> Bool {
        guard byte.isWhiteSpace else { return false }
        read += 1
        if byte.isBlank {
            hasBlanks = true
            isOver = hasBegun
        }
        return true
    }

    /// Ends the text; false where characters or padding are missing.
    mutating func finish(into out: inout ByteBuffer) -> Bool {
        // Of a text without padding nobody could tell whether the blank was a character.
        if hasBlanks, carried > 0, carried + padding < 4 { return false }
        switch (carried, padding) {
        case (0, 0): break
        case (2, 0), (2, 2): out.writeInteger(UInt8(truncatingIfNeeded: carry >> 4))
        case (3, 0), (3, 1): out.writeInteger(UInt16(truncatingIfNeeded: carry >> 2))
        default: return false
        }
        return true
    }

    private var table: [UInt32] {
        switch alphabet {
        case .undecided: Base64Tables.commonBits
        case .standard: Base64Tables.standardBits
        case .urlSafe: Base64Tables.urlSafeBits
        }
    }

    /// Decodes whole groups, two at a time, up to one with any character that asks for a closer look.
    private func groups(_ input: UnsafeRawBufferPointer, from start: Int, into out: inout ByteBuffer) -> Int {
        var at = start
        let room = (input.count - start) / 4 * 3 + 8  // eight bytes are stored for six
        out.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { output in
            var to = 0
            table.withUnsafeBufferPointer { table in
                while at + 8 <= input.count {
                    let word = input.loadUnaligned(fromByteOffset: at, as: UInt64.self).littleEndian
                    let first =
                        table[Int(word & 0xFF)] | table[256 + Int(word >> 8 & 0xFF)]
                        | table[512 + Int(word >> 16 & 0xFF)] | table[768 + Int(word >> 24 & 0xFF)]
                    let second =
                        table[Int(word >> 32 & 0xFF)] | table[256 + Int(word >> 40 & 0xFF)]
                        | table[512 + Int(word >> 48 & 0xFF)] | table[768 + Int(word >> 56)]
                    guard first | second < Base64Tables.invalid else { break }
                    let bytes = (UInt64(first) << 40 | UInt64(second) << 16).bigEndian
                    output.storeBytes(of: bytes, toByteOffset: to, as: UInt64.self)
                    at += 8
                    to += 6
                }
                // The group before a line break, or before the end.
                guard at + 4 <= input.count else { return }
                let group =
                    table[Int(input[at])] | table[256 + Int(input[at + 1])] | table[512 + Int(input[at + 2])]
                    | table[768 + Int(input[at + 3])]
                guard group < Base64Tables.invalid else { return }
                output.storeBytes(of: (group << 8).bigEndian, toByteOffset: to, as: UInt32.self)
                at += 4
                to += 3
            }
            return to
        }
        return at - start
    }

    /// Takes one character; false where it cannot stand here.
    private mutating func take(_ character: UInt8, into out: inout ByteBuffer) -> Bool {
        if character == ASCII.equals {
            guard carried >= 2, padding < 4 - carried else { return false }
            padding += 1
            return true
        }
        guard padding == 0 else { return false }
        if alphabet == .undecided {
            switch character {
            case UInt8(ascii: "+"), UInt8(ascii: "/"): alphabet = .standard
            case UInt8(ascii: "-"), UInt8(ascii: "_"): alphabet = .urlSafe
            default: break
            }
        }
        let bits = table[768 + Int(character)]
        guard bits != Base64Tables.invalid else { return false }
        carry = carry << 6 | bits
        carried += 1
        if carried == 4 {
            out.writeInteger(UInt8(truncatingIfNeeded: carry >> 16))
            out.writeInteger(UInt16(truncatingIfNeeded: carry))
            carry = 0
            carried = 0
        }
        return true
    }
}
