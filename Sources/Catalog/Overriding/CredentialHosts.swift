/// The hosts to which an account's credentials may be sent: those that the definition names, as it is without any
/// override, and those that the operator lists.
package struct CredentialHosts: Sendable, Hashable {
    private let patterns: [HostPattern]
    private let templates: [HostTemplate]

    init(patterns: [HostPattern], templates: [Template]) {
        self.patterns = patterns
        self.templates = templates.compactMap(HostTemplate.init)
    }

    package func contains(_ host: String) -> Bool {
        let host = host.lowercased()
        return patterns.contains { $0.matches(host) } || templates.contains { $0.matches(host) }
    }

    /// - Throws: `hostNotAllowed` for an address at any other host, `unsafeValue` for what is no address.
    package func check(_ address: String, of integration: String) throws(CatalogError) {
        guard let host = AddressHost.of(address) else {
            throw CatalogError(.unsafeValue, "'\(address.prefix(200))' is not an address that can be called")
        }
        guard contains(host) else { throw .hostNotAllowed(host, integration) }
    }
}

/// The host of `https://{{subdomain}}.example.com/v1`: the fixed texts around the placeholders.
private struct HostTemplate: Sendable, Hashable {
    private let prefix: String
    private let suffix: String

    /// nil where the template does not bind the host to a domain: it could be any host.
    init?(_ template: Template) {
        var text = ""
        for piece in template.pieces {
            switch piece {
            case .text(let fixed): text += fixed
            // No address holds this character.
            case .placeholder: text += "\u{0}"
            }
        }
        guard let start = text.firstRange(of: "://")?.upperBound, !text[..<start].contains("\u{0}") else { return nil }
        let authority = text[start...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let first = authority.firstIndex(of: "\u{0}"), let last = authority.lastIndex(of: "\u{0}") else {
            guard let host = AddressHost.of(String(text[..<authority.endIndex])) else { return nil }
            prefix = host
            suffix = ""
            return
        }
        prefix = authority[..<first].lowercased()
        suffix = authority[authority.index(after: last)...].prefix { $0 != ":" }.lowercased()
        guard suffix.hasPrefix("."), suffix.dropFirst().contains("."), !prefix.contains("@") else { return nil }
    }

    func matches(_ host: String) -> Bool {
        if suffix.isEmpty { return host == prefix }
        return host.hasPrefix(prefix) && host.hasSuffix(suffix) && host.utf8.count > prefix.utf8.count + suffix.utf8.count
    }
}

/// Reads the host of an address, strictly: what another reader might take for a different host is no address.
package enum AddressHost {
    /// In lower case, without port; nil for anything but `http(s)://host[:port][/…]`.
    package static func of(_ address: String) -> String? {
        // By its bytes, all of which are ASCII: every call asks.
        let lower = Array(address.lowercased().utf8)
        guard let scheme = ["https://", "http://"].first(where: { lower.starts(with: $0.utf8) }) else { return nil }
        let authority = lower.dropFirst(scheme.utf8.count).prefix { !isEnd($0) }
        guard let first = authority.first, authority.allSatisfy(isAllowed) else { return nil }
        if first == UInt8(ascii: "[") {
            guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let rest = authority[end...].dropFirst()
            return rest.isEmpty || rest.first == UInt8(ascii: ":") ? String(decoding: authority[...end], as: UTF8.self) : nil
        }
        let host = authority.prefix { $0 != UInt8(ascii: ":") }
        let isAddress = host.contains { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]") }
        guard !host.isEmpty, !isAddress, !authority[host.endIndex...].dropFirst().contains(UInt8(ascii: ":")) else { return nil }
        return String(decoding: host, as: UTF8.self)
    }

    /// Whether the authority ends before this byte (RFC 3986 §3.2).
    private static func isEnd(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"):
            true
        default: false
        }
    }
}

extension CatalogError {
    static func hostNotAllowed(_ host: String, _ integration: String) -> CatalogError {
        CatalogError(
            .hostNotAllowed,
            "\(host) is no host of \(integration); the operator can list it in accounts.base_url_hosts"
        )
    }
}
