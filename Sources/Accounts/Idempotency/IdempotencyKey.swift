import Crypto
import Encodings

/// The value of `Idempotency-Key`: a structured-field string (`"abc"`, RFC 8941 §3.3.3) or, as most clients send it, bare.
package struct IdempotencyKey: Sendable, Hashable {
    /// Characters that a key has at most.
    package static let longest = 255

    package let text: String

    /// nil where it is empty, too long, or holds anything but printable ASCII.
    package init?(_ field: String) {
        var text = Substring(field)
        if text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") {
            text = text.dropFirst().dropLast()
            var unescaped = ""
            var isEscaped = false
            for character in text {
                if isEscaped || character != "\\" { unescaped.append(character) }
                isEscaped = !isEscaped && character == "\\"
            }
            if isEscaped { return nil }
            text = Substring(unescaped)
        }
        guard (1...Self.longest).contains(text.utf8.count), text.utf8.allSatisfy({ (32...126).contains($0) }) else {
            return nil
        }
        self.text = String(text)
    }

    /// The name of its record: of one account, method and path.
    func name(account: String, method: String, path: String) -> String {
        var hash = SHA256()
        for part in [account, method, path, text] {
            withUnsafeBytes(of: UInt32(part.utf8.count).bigEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: Array(part.utf8))
        }
        return "idempotency " + Hex.text(hash.finalize())
    }
}
