import Multipart
import NIOCore
import Testing
import TestSupport

struct Base64Tests {
    static func decoded(_ text: String, cutAt cuts: [Int] = []) throws -> [UInt8] {
        var decoder = Base64Decoder()
        var out: [UInt8] = []
        for chunk in chunks(Array(text.utf8), cutAt: cuts) { out += try decoder.decode(chunk).readableBytesView }
        return out + Array(try decoder.finish().readableBytesView)
    }

    static func encoded(_ bytes: [UInt8], cutAt cuts: [Int] = [], urlSafe: Bool = false, padding: Bool = true) -> String {
        var encoder = Base64Encoder(urlSafe: urlSafe, padding: padding)
        var out = ""
        for chunk in chunks(bytes, cutAt: cuts) { out += String(buffer: encoder.encode(chunk)) }
        return out + String(buffer: encoder.finish())
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `RFC 4648 §10`(plain: String, text: String) throws {
        #expect(Self.encoded(Array(plain.utf8)) == text)
        #expect(try Self.decoded(text) == Array(plain.utf8))
        let bare = String(text.prefix { $0 != "=" })
        #expect(Self.encoded(Array(plain.utf8), padding: false) == bare)
        #expect(try Self.decoded(bare) == Array(plain.utf8))
        #expect(Base64Encoder.encodedLength(of: plain.utf8.count) == text.utf8.count)
    }

    /// One bit at a time, straight from the definition.
    static func reference(_ bytes: [UInt8], alphabet: String) -> String {
        let characters = Array(alphabet)
        let bits = bytes.flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 } }
        return stride(from: 0, to: bits.count, by: 6).map { at in
            let group = Array(bits[at..<min(at + 6, bits.count)])
            let value = (group + Array(repeating: 0, count: 6 - group.count)).reduce(0) { $0 << 1 | Int($1) }
            return String(characters[value])
        }.joined()
    }

    @Test(arguments: 0..<100)
    func `any bytes in any chunks`(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        for urlSafe in [false, true] {
            let expected = Self.reference(bytes, alphabet: letters + (urlSafe ? "-_" : "+/"))
            let cut = { (count: Int, random: inout SeededGenerator) in
                (0..<5).map { _ in Int.random(in: 0...count, using: &random) }.sorted()
            }
            let cuts = cut(bytes.count, &random)
            #expect(Self.encoded(bytes, cutAt: cuts, urlSafe: urlSafe, padding: false) == expected)
            #expect(try Self.decoded(expected, cutAt: cut(expected.utf8.count, &random)) == bytes)
            let padded = Self.encoded(bytes, urlSafe: urlSafe)
            #expect(padded.utf8.count == Base64Encoder.encodedLength(of: bytes.count))
            #expect(try Self.decoded(padded, cutAt: cut(padded.utf8.count, &random)) == bytes)
        }
    }

    @Test(arguments: [
        "Zm9v\r\nYmFy", "Zm9vYmFy\n", "\nZm9vYmFy", " \tZm9vYmFy \r\n ", "Zm\n9vYm\rFy", "\r\n\r\nZm9vYmFy\t",
    ])
    func `line breaks anywhere and white space at the ends are passed over`(text: String) throws {
        for cut in 0...text.utf8.count { #expect(try Self.decoded(text, cutAt: [cut]) == Array("foobar".utf8)) }
    }

    @Test(arguments: [
        "Zm9v YmFy", "Zm9v\tYmFy", "Zm9v \r\nYmFy", "Z m 9 v", "Zg =", "Zm9vYg ==", " Zm9vYm8", "Zm9vYm8 ", " Zg", "Zm9\t",
    ])
    func `a blank that may have been a plus is damage`(text: String) {
        for cut in 0...text.utf8.count {
            #expect(fault { try Self.decoded(text, cutAt: [cut]) }?.code == .invalidBase64)
        }
    }

    /// What a form or a query makes of `+`.
    @Test(arguments: 0..<200)
    func `no base64 whose pluses became blanks is stored damaged`(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let bytes = (0..<Int.random(in: 1...120, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        for padding in [true, false] {
            let text = Self.encoded(bytes, padding: padding)
            let damaged = text.replacing("+", with: " ")
            if damaged == text {
                #expect(try Self.decoded(damaged) == bytes)
            } else {
                #expect(fault { try Self.decoded(damaged) }?.code == .invalidBase64, "\(text)")
            }
        }
    }

    @Test(arguments: [
        ("Zm9v!mFy", 4), ("Zm9vYmFyZm9v*", 12), ("====", 0), ("Z===", 1), ("Zg=x", 3), ("Zg===", 4), ("Zm8==", 4),
        ("Zg==Zg==", 4), ("ab+/ab-_", 6), ("ab-_ab+/", 6), ("Zm9vé", 4), ("Zm\u{0}9", 2), ("Z", 1), ("Zm9vY", 5),
        ("Zg=", 3), ("  Zm9v?", 6),
    ])
    func `a fault has its offset`(text: String, offset: Int) {
        for cut in 0...text.utf8.count {
            let error = fault { try Self.decoded(text, cutAt: [cut]) }
            #expect(error?.code == .invalidBase64)
            #expect(error?.offset == offset)
        }
    }
}
