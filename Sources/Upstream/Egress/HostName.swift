/// What may stand where a URL names its host.
enum HostName {
    /// Reads an IP address, or a DNS name of letters, digits, hyphens and underscores.
    ///
    /// A name whose last label is a number is refused unless it is a whole dotted-quad address: some resolvers read
    /// `2130706433`, `0x7f.1` or `127.1` as 127.0.0.1, and what would be checked is then not what is connected to.
    static func parse(_ text: Substring) throws(UpstreamError) -> TargetURL.Host {
        if text.hasPrefix("[") {
            guard case .v6(let bits)? = IPAddress(text.dropFirst().dropLast()) else {
                throw .invalidRequest("not an IPv6 address between the brackets")
            }
            return .address(IPAddress.v6(bits).unmapped)
        }
        if case .v4(let bits)? = IPAddress(text) { return .address(.v4(bits)) }

        let name = text.lowercased()
        guard name.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw .invalidRequest("an international host name must be given in its ASCII form (xn--…)")
        }
        guard !name.isEmpty, name.utf8.count <= 253 else {
            throw .invalidRequest("the host name is empty or too long")
        }
        guard !name.hasSuffix(".") else { throw .invalidRequest("the host name must not end in a dot") }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        for label in labels {
            guard (1...63).contains(label.utf8.count), !label.hasPrefix("-"), !label.hasSuffix("-"),
                label.utf8.allSatisfy({ $0.isDigit || $0 == 0x2d || $0 == 0x5f || (0x61...0x7a).contains($0) })
            else { throw .invalidRequest("the host name holds a label that is not letters, digits and hyphens") }
        }
        if let last = labels.last, last.utf8.allSatisfy(\.isDigit) || isHexNumber(last) {
            throw .invalidRequest("the host is a number, but not an IPv4 address in dotted decimal")
        }
        return .name(name)
    }

    private static func isHexNumber(_ label: Substring) -> Bool {
        label.hasPrefix("0x") && label.dropFirst(2).utf8.allSatisfy(\.isHexDigit)
    }
}
