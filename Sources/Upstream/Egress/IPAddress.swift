/// An IPv4 or IPv6 address, without port or zone.
package enum IPAddress: Sendable, Hashable {
    case v4(UInt32)
    case v6(UInt128)

    /// Reads the one spelling each family has: four decimal octets without leading zeros, or RFC 4291 groups.
    ///
    /// Octal, hexadecimal and shortened IPv4 spellings are refused here; no resolver gets to interpret them.
    package init?(_ text: some StringProtocol) {
        if let v4 = Self.parseV4(text) {
            self = .v4(v4)
        } else if let v6 = Self.parseV6(text) {
            self = .v6(v6)
        } else {
            return nil
        }
    }

    /// The IPv4 address inside an IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2); every other address as it is.
    package var unmapped: IPAddress {
        guard case .v6(let bits) = self, bits >> 32 == 0xffff else { return self }
        return .v4(UInt32(truncatingIfNeeded: bits))
    }

    var bitWidth: Int {
        switch self {
        case .v4: 32
        case .v6: 128
        }
    }

    private static func parseV4(_ text: some StringProtocol) -> UInt32? {
        var bits: UInt32 = 0
        var dots = 0
        // Of the octet that is being read; nil before its first digit.
        var octet: UInt32?
        for byte in text.utf8 {
            switch (byte, octet) {
            case (UInt8(ascii: "0")...UInt8(ascii: "9"), let value):
                guard value != 0 else { return nil }
                let next = (value ?? 0) * 10 + UInt32(byte - UInt8(ascii: "0"))
                guard next < 256 else { return nil }
                octet = next
            case (UInt8(ascii: "."), let value?) where dots < 3:
                bits = bits << 8 | value
                dots += 1
                octet = nil
            default: return nil
            }
        }
        guard dots == 3, let octet else { return nil }
        return bits << 8 | octet
    }

    private static func parseV6(_ text: some StringProtocol) -> UInt128? {
        guard text.utf8.contains(UInt8(ascii: ":")) else { return nil }
        let text = String(text)
        // `::` stands for the missing groups and may occur once.
        let halves = text.split(separator: "::", omittingEmptySubsequences: false).map(String.init)
        guard halves.count <= 2 else { return nil }
        guard let head = groups(halves[0], mayEndInV4: halves.count == 1) else { return nil }
        guard halves.count == 2 else {
            return head.count == 8 ? head.reduce(0) { $0 << 16 | UInt128($1) } : nil
        }
        guard let tail = groups(halves[1], mayEndInV4: true), head.count + tail.count <= 7 else { return nil }
        let high = head.reduce(UInt128(0)) { $0 << 16 | UInt128($1) }
        let low = tail.reduce(UInt128(0)) { $0 << 16 | UInt128($1) }
        return (head.isEmpty ? 0 : high << (16 * (8 - head.count))) | low
    }

    private static func groups(_ text: String, mayEndInV4: Bool) -> [UInt16]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if mayEndInV4, index == parts.count - 1, part.contains("."), let v4 = parseV4(part) {
                groups.append(UInt16(v4 >> 16))
                groups.append(UInt16(truncatingIfNeeded: v4))
            } else {
                guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(\.isHexDigit),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                groups.append(group)
            }
        }
        return groups.count <= 8 ? groups : nil
    }
}

extension IPAddress: CustomStringConvertible {
    /// The canonical spelling (RFC 5952 for IPv6).
    package var description: String {
        switch self {
        case .v4(let bits):
            return "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
        case .v6(let bits):
            let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> (112 - 16 * $0)) }
            var best = 0..<0
            var start: Int?
            for index in 0...8 {
                if index < 8, groups[index] == 0 {
                    start = start ?? index
                } else if let begin = start {
                    if index - begin > max(best.count, 1) { best = begin..<index }
                    start = nil
                }
            }
            let hex = { (range: Range<Int>) in range.map { String(groups[$0], radix: 16) }.joined(separator: ":") }
            return best.isEmpty ? hex(0..<8) : hex(0..<best.lowerBound) + "::" + hex(best.upperBound..<8)
        }
    }
}

extension UInt8 {
    var isHexDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
