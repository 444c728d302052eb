import Encodings

/// An absolute http or https URL, taken apart strictly.
///
/// One parser decides what is checked and what is connected to, so there is no second reading to disagree with.
/// The host is either one IP address in its canonical spelling, or an ASCII DNS name in lower case.
package struct TargetURL: Sendable, Hashable {
    package enum Scheme: String, Sendable, Hashable {
        case http, https

        var defaultPort: Int { self == .https ? 443 : 80 }
    }

    package enum Host: Sendable, Hashable {
        case name(String)
        case address(IPAddress)
    }

    package let scheme: Scheme
    package let host: Host
    package let port: Int
    /// Path and query as they go into the request line; starts with `/`, never holds a fragment.
    package let requestTarget: String

    /// Scheme, host and port: what credentials are bound to (RFC 6454).
    package var origin: Origin { Origin(scheme: scheme, host: host, port: port) }

    package struct Origin: Sendable, Hashable {
        package let scheme: Scheme
        package let host: Host
        package let port: Int
    }

    /// - Throws: `UpstreamError` with code `invalid_request` that names what is wrong, never the whole URL:
    ///   it may hold a credential.
    package init(_ text: String) throws(UpstreamError) {
        let bytes = Array(text.utf8)
        guard bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "\\") }) else {
            throw .invalidRequest("a URL must not hold spaces, control characters or backslashes")
        }
        // By its bytes, as the delimiters are ASCII (RFC 3986 §2.2): what marks follow one does not make it another.
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8),
            let scheme = Scheme(rawValue: String(decoding: bytes[..<colon], as: UTF8.self).lowercased())
        else {
            throw .invalidRequest("a URL must start with https:// or http://")
        }
        let rest = bytes[colon...].dropFirst(3)
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? rest.endIndex
        guard !rest[..<end].contains(UInt8(ascii: "@")) else {
            throw .invalidRequest("a URL must not hold a user name or password")
        }
        let authority = String(decoding: rest[..<end], as: UTF8.self)
        (host, port) = try Self.parse(authority: authority[...], default: scheme.defaultPort)
        self.scheme = scheme
        requestTarget = Self.requestTarget(bytes[end...])
    }

    init(scheme: Scheme, host: Host, port: Int, requestTarget: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.requestTarget = requestTarget
    }

    /// The host as it goes into a URL or a `Host` field; an IPv6 address in brackets.
    package var hostText: String {
        switch host {
        case .name(let name): name
        case .address(.v4(let bits)): "\(IPAddress.v4(bits))"
        case .address(.v6(let bits)): "[\(IPAddress.v6(bits))]"
        }
    }

    /// Host, and port where it is not the scheme's own.
    package var authority: String { port == scheme.defaultPort ? hostText : "\(hostText):\(port)" }

    private static func parse(
        authority: Substring, default defaultPort: Int
    ) throws(UpstreamError) -> (Host, Int) {
        let bytes = authority.utf8
        var hostText = authority
        var portText: Substring?
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { throw .invalidRequest("a bracket is not closed") }
            hostText = authority[...close]
            let after = bytes[close...].dropFirst()
            guard after.isEmpty || after.first == UInt8(ascii: ":") else { throw .invalidRequest("text after the IPv6 address") }
            if !after.isEmpty { portText = Substring(after.dropFirst()) }
        } else if let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
            hostText = authority[..<colon]
            portText = Substring(bytes[colon...].dropFirst())
        }
        var port = defaultPort
        if let portText {
            guard !portText.isEmpty, portText.utf8.count <= 5, portText.utf8.allSatisfy(\.isDigit),
                let number = Int(portText), (1...65535).contains(number)
            else { throw .invalidRequest("the port must be a number from 1 to 65535") }
            port = number
        }
        return (try HostName.parse(hostText), port)
    }

    /// Drops the fragment and percent-encodes what may not stand in a request line (RFC 3986 §3.3, §3.4).
    private static func requestTarget(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes.prefix { $0 != UInt8(ascii: "#") }, as: UTF8.self)
        let path = PercentEncoding.encoded(text) { byte in
            switch byte {
            case 0x80..., UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "^"), UInt8(ascii: "`"),
                UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
                false
            default: true
            }
        }
        return text.utf8.first == UInt8(ascii: "/") ? path : "/" + path
    }
}

extension TargetURL: CustomStringConvertible {
    package var description: String { "\(scheme.rawValue)://\(authority)\(requestTarget)" }
}

extension TargetURL.Origin: CustomStringConvertible {
    package var description: String {
        let url = TargetURL(scheme: scheme, host: host, port: port, requestTarget: "")
        return "\(scheme.rawValue)://\(url.authority)"
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
