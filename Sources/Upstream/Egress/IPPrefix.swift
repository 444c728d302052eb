/// A block of addresses in CIDR notation, such as `10.0.0.0/8` or `fc00::/7`.
package struct IPPrefix: Sendable, Hashable, CustomStringConvertible {
    package let address: IPAddress
    /// Leading bits that must agree: 0–32 for IPv4, 0–128 for IPv6.
    package let length: Int

    /// Reads CIDR notation; a bare address is a block of one. Host bits may be set and are ignored.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(first) else { return nil }
        switch parts.count {
        case 1:
            length = address.bitWidth
        case 2:
            guard let bits = Int(parts[1]), parts[1].utf8.first != UInt8(ascii: "+"),
                (0...address.bitWidth).contains(bits)
            else { return nil }
            length = bits
        default:
            return nil
        }
        self.address = address
    }

    package func contains(_ other: IPAddress) -> Bool {
        switch (address, other) {
        case (.v4(let mine), .v4(let theirs)): length == 0 || (mine ^ theirs) >> UInt32(32 - length) == 0
        case (.v6(let mine), .v6(let theirs)): length == 0 || (mine ^ theirs) >> UInt128(128 - length) == 0
        default: false
        }
    }

    package var description: String { "\(address)/\(length)" }
}
