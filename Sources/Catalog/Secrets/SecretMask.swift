import Encodings
package import JSON

/// Removes the values of secrets wherever they stand, in each form in which they may have been sent.
///
/// Forms: as it is, percent-encoded, as a form encodes it, hexadecimal, base64 and base64url, alone or with something
/// before it (`user:password`, RFC 7617).
package struct SecretMask: Sendable {
    package static let none = SecretMask([])
    package static let mask = "***"
    /// Bytes that a secret must have to be stored. To mask shorter ones would garble everything else.
    package static let shortest = 4

    /// UTF-8, longest first: a secret that contains another one must not leave its rest behind.
    private let needles: [[UInt8]]

    package init(_ secrets: some Sequence<String>) {
        let values = Set(secrets.filter { $0.utf8.count >= Self.shortest })
        needles = Set(values.flatMap(Self.forms)).sorted { ($0.count, $1[0]) > ($1.count, $0[0]) }
    }

    package var isEmpty: Bool { needles.isEmpty }

    /// The text with each secret replaced by `***`.
    package func masked(_ text: String) -> String {
        guard !isEmpty else { return text }
        var bytes = Array(text.utf8)
        var isChanged = false
        for needle in needles {
            guard let replaced = Self.replacing(needle, in: bytes) else { continue }
            bytes = replaced
            isChanged = true
        }
        return isChanged ? String(decoding: bytes, as: UTF8.self) : text
    }

    /// Whether a secret stands in the text.
    package func finds(in text: String) -> Bool {
        let bytes = Array(text.utf8)
        return needles.contains { Self.first($0, in: bytes, from: 0) != nil }
    }

    /// The document with each secret in its texts, numbers and keys replaced.
    package func masked(_ value: JSONValue) -> JSONValue {
        guard !isEmpty else { return value }
        switch value {
        case .string(let text): return .string(masked(text))
        case .number(let number):
            let text = masked(number.text)
            return text == number.text ? value : .string(text)
        case .array(let items): return .array(items.map { masked($0) })
        case .object(let object):
            return .object(JSONObject(object.elements.map { (key: masked($0.key), value: masked($0.value)) }))
        default: return value
        }
    }

    private static func forms(_ secret: String) -> [[UInt8]] {
        let bytes = Array(secret.utf8)
        let percent = PercentEncoding.encoded(secret)
        let hex = Hex.text(bytes)
        var texts = [
            secret, percent, percent.replacing("%20", with: "+"), lowercasedEscapes(percent), hex, hex.uppercased(),
        ]
        for shift in 0..<3 {
            guard let core = base64Core(bytes, shift: shift) else { continue }
            texts.append(core)
            texts.append(String(core.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }))
        }
        return texts.map { Array($0.utf8) }
    }

    /// The letters that base64 has for the bytes wherever `shift` bytes, modulo 3, stand before them. Those at the ends
    /// depend on what stands beside; nil where too few are left to be told from others.
    private static func base64Core(_ bytes: [UInt8], shift: Int) -> String? {
        let whole = Base64.text([UInt8](repeating: 0, count: shift) + bytes)
        let start = shift == 0 ? 0 : shift + 1
        let end = (shift + bytes.count) * 8 / 6
        guard end - start >= 4 else { return nil }
        return String(whole.dropFirst(start).prefix(end - start))
    }

    private static func lowercasedEscapes(_ text: String) -> String {
        var out = ""
        var escaped = 0
        for character in text {
            out += escaped > 0 ? character.lowercased() : String(character)
            escaped = character == "%" ? 2 : max(0, escaped - 1)
        }
        return out
    }

    private static func replacing(_ needle: [UInt8], in bytes: [UInt8]) -> [UInt8]? {
        guard var found = first(needle, in: bytes, from: 0) else { return nil }
        var out: [UInt8] = []
        var copied = 0
        while true {
            out += bytes[copied..<found]
            out += Self.mask.utf8
            copied = found + needle.count
            guard let next = first(needle, in: bytes, from: copied) else { break }
            found = next
        }
        return out + bytes[copied...]
    }

    private static func first(_ needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count - start >= needle.count else { return nil }
        return bytes.withUnsafeBufferPointer { bytes in
            needle.withUnsafeBufferPointer { needle in
                var at = start
                while at <= bytes.count - needle.count {
                    if bytes[at] == needle[0], (1..<needle.count).allSatisfy({ bytes[at + $0] == needle[$0] }) { return at }
                    at += 1
                }
                return nil
            }
        }
    }
}
