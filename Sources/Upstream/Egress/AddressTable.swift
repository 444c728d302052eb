/// Which addresses are not the public internet, and why.
///
/// From the IANA special-purpose registries (RFC 6890 and its updates). The first block that holds an address names it.
package enum AddressTable {
    /// Why a call must not go to `address`, in two or three words; `nil` for a public unicast address.
    ///
    /// An IPv4-mapped IPv6 address is judged as the IPv4 address it carries, since that is where the packets go.
    package static func refusal(of address: IPAddress) -> String? {
        let address = address.unmapped
        if let block = blocks.first(where: { $0.prefix.contains(address) }) { return block.name }
        // Only 2000::/3 is assigned as global unicast: what lies outside it is refused without being listed.
        if case .v6(let bits) = address, bits >> 125 != 1 { return "outside global unicast" }
        return nil
    }

    private static let blocks: [(prefix: IPPrefix, name: String)] = [
        ("0.0.0.0/8", "this network"),  // RFC 791
        ("10.0.0.0/8", "private"),  // RFC 1918
        ("100.64.0.0/10", "carrier-grade NAT"),  // RFC 6598
        ("127.0.0.0/8", "loopback"),  // RFC 1122
        ("169.254.0.0/16", "link-local"),  // RFC 3927; cloud metadata services live here
        ("172.16.0.0/12", "private"),  // RFC 1918
        ("192.0.0.0/24", "protocol assignments"),  // RFC 6890
        ("192.0.2.0/24", "documentation"),  // RFC 5737
        ("192.31.196.0/24", "AS112"),  // RFC 7535
        ("192.52.193.0/24", "AMT"),  // RFC 7450
        ("192.88.99.0/24", "6to4 relay"),  // RFC 7526
        ("192.168.0.0/16", "private"),  // RFC 1918
        ("192.175.48.0/24", "AS112"),  // RFC 7534
        ("198.18.0.0/15", "benchmarking"),  // RFC 2544
        ("198.51.100.0/24", "documentation"),  // RFC 5737
        ("203.0.113.0/24", "documentation"),  // RFC 5737
        ("224.0.0.0/4", "multicast"),  // RFC 5771
        ("255.255.255.255/32", "broadcast"),  // RFC 919
        ("240.0.0.0/4", "reserved"),  // RFC 1112
        ("::/128", "unspecified"),  // RFC 4291
        ("::1/128", "loopback"),  // RFC 4291
        ("::/96", "IPv4-compatible"),  // RFC 4291, deprecated
        ("::ffff:0:0:0/96", "IPv4-translated"),  // RFC 2765
        ("64:ff9b::/96", "NAT64"),  // RFC 6052: carries any IPv4 address, private ones too
        ("64:ff9b:1::/48", "NAT64"),  // RFC 8215
        ("100::/64", "discard"),  // RFC 6666
        ("100:0:0:1::/64", "dummy prefix"),  // RFC 9780
        ("2001::/32", "Teredo"),  // RFC 4380
        ("2001:2::/48", "benchmarking"),  // RFC 5180
        ("2001:db8::/32", "documentation"),  // RFC 3849
        ("2001:10::/28", "ORCHID"),  // RFC 4843
        ("2001:20::/28", "ORCHIDv2"),  // RFC 7343
        ("2001::/23", "protocol assignments"),  // RFC 2928
        ("2002::/16", "6to4"),  // RFC 3056
        ("2620:4f:8000::/48", "AS112"),  // RFC 7534
        ("3ffe::/16", "6bone"),  // RFC 3701, returned
        ("3fff::/20", "documentation"),  // RFC 9637
        ("5f00::/16", "segment routing"),  // RFC 9602
        ("fc00::/7", "unique local"),  // RFC 4193
        ("fe80::/10", "link-local"),  // RFC 4291
        ("fec0::/10", "site-local"),  // RFC 3879, deprecated
        ("ff00::/8", "multicast"),  // RFC 4291
    ].map { text, name in
        guard let prefix = IPPrefix(text) else {
            // The table is a constant and every row of it is looked up by a test.
            preconditionFailure("not a CIDR block: \(text)")
        }
        return (prefix, name)
    }
}
