import JSON

/// An absolute address, cut as the URL standard names its parts.
struct WebAddress: Sendable {
    var scheme = ""
    var username = ""
    var password = ""
    var hostname = ""
    var port = ""
    var pathname = ""
    /// With its `?`, or empty.
    var search = ""
    /// With its `#`, or empty.
    var hash = ""

    private static let defaultPorts = ["http": "80", "https": "443", "ftp": "21", "ws": "80", "wss": "443"]

    init?(_ text: String) {
        var rest = text.trimmingSpace[...]
        guard let colon = rest.firstIndex(of: ":"), let first = rest.first, first.isASCII, first.isLetter else { return nil }
        scheme = rest[..<colon].lowercased()
        guard scheme.utf8.allSatisfy({ Self.isSchemeByte($0) }) else { return nil }
        rest = rest[colon...].dropFirst()
        if let mark = rest.firstIndex(of: "#") {
            hash = rest[mark...].count > 1 ? String(rest[mark...]) : ""
            rest = rest[..<mark]
        }
        if let mark = rest.firstIndex(of: "?") {
            search = rest[mark...].count > 1 ? String(rest[mark...]) : ""
            rest = rest[..<mark]
        }
        guard rest.hasPrefix("//") else {
            // Without an authority (`mailto:`): a special scheme needs one.
            guard Self.defaultPorts[scheme] == nil, !rest.isEmpty else { return nil }
            pathname = String(rest)
            return
        }
        rest = rest.dropFirst(2)
        let end = rest.firstIndex(of: "/") ?? rest.endIndex
        pathname = end == rest.endIndex ? "/" : String(rest[end...])
        var authority = rest[..<end]
        if let at = authority.lastIndex(of: "@") {
            let user = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            username = String(user[0])
            password = user.count > 1 ? String(user[1]) : ""
            authority = authority[at...].dropFirst()
        }
        if let mark = authority.lastIndex(of: ":"), authority[mark...].dropFirst().allSatisfy(\.isNumber) {
            port = String(authority[mark...].dropFirst())
            if port == Self.defaultPorts[scheme] { port = "" }
            authority = authority[..<mark]
        }
        hostname = authority.lowercased()
        if hostname.isEmpty, Self.defaultPorts[scheme] != nil { return nil }
    }

    private static func isSchemeByte(_ byte: UInt8) -> Bool {
        byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A || byte >= 0x30 && byte <= 0x39 || [0x2B, 0x2D, 0x2E].contains(byte)
    }

    var host: String { hostname + (port.isEmpty ? "" : ":" + port) }
    var origin: String { Self.defaultPorts[scheme] != nil ? scheme + "://" + host : "null" }
    var href: String {
        let user = username.isEmpty ? "" : username + (password.isEmpty ? "" : ":" + password) + "@"
        let authority = hostname.isEmpty && Self.defaultPorts[scheme] == nil ? "" : "//" + user + host
        return scheme + ":" + authority + pathname + search + hash
    }
}

/// `%XX` and `+`, as in forms (URL standard §5).
enum FormEncoding {
    static func decode(_ text: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        var pending = Array(text.utf8)[...]
        while let byte = pending.popFirst() {
            if byte == UInt8(ascii: "+") {
                bytes.append(0x20)
            } else if byte == UInt8(ascii: "%"), pending.count >= 2,
                let value = UInt8(String(decoding: pending.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                pending = pending.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Leaves letters, digits and `-._~` as they are (RFC 3986 §2.3).
    ///
    /// - Parameter kept: ASCII that stays as it is besides.
    static func encode(_ text: String, keeping kept: String = "") -> String {
        var output: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            let isPlain =
                byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A || byte >= 0x30 && byte <= 0x39 || "-._~".utf8.contains(byte)
                || kept.utf8.contains(byte)
            output += isPlain ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: output, as: UTF8.self)
    }

    static func pairs(_ query: some StringProtocol) -> [(name: String, value: String)] {
        query.split(separator: "&").map { part in
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decode(sides[0]), sides.count > 1 ? decode(sides[1]) : "")
        }
    }
}
