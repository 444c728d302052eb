@_spi(Engine) import JSON

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

extension WebAddress {
    /// `hostname` of an address in ASCII, with a scheme or without one, where it has a point in it; nil for what is no address.
    ///
    /// It finds what `init` finds and makes nothing else: each byte is a character here, and lists have thousands of addresses.
    static func host(inASCII text: UnsafeBufferPointer<UInt8>) -> String? {
        guard !text.contains(where: \.isASCIISpace) else { return nil }
        var rest = text[...]
        if let colon = colonBeforeSlashes(text) {
            // The first colon ends the scheme, wherever the slashes are.
            guard text.firstIndex(of: UInt8(ascii: ":")) == colon, let first = text.first, isLetter(first),
                text[..<colon].allSatisfy(isSchemeByte)
            else { return nil }
            rest = text[(colon + 3)...]
        }
        rest = rest.prefix { $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "/") }
        if let at = rest.lastIndex(of: UInt8(ascii: "@")) { rest = rest[(at + 1)...] }
        if let mark = rest.lastIndex(of: UInt8(ascii: ":")), rest[(mark + 1)...].allSatisfy({ (0x30...0x39).contains($0) }) {
            rest = rest[..<mark]
        }
        guard rest.contains(UInt8(ascii: ".")) else { return nil }
        return String(decoding: rest, as: UTF8.self).lowercased()
    }

    private static func colonBeforeSlashes(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        text.indices.dropLast(2).first {
            text[$0] == UInt8(ascii: ":") && text[$0 + 1] == UInt8(ascii: "/") && text[$0 + 2] == UInt8(ascii: "/")
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
