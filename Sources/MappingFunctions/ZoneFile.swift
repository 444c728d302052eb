@_spi(Engine) import JSONata

/// What a compiled zone file says (RFC 9636, version 2 and later).
struct ZoneFile {
    private(set) var starts: [Int] = []
    /// One more than `starts`.
    private(set) var periods: [ZoneRules.Period] = []
    private(set) var tail: ZoneTail?

    /// Nil where the bytes are no such file.
    init?(_ bytes: [UInt8]) {
        var at = 0
        func number(_ width: Int) -> Int? {
            guard at + width <= bytes.count else { return nil }
            var value: Int64 = bytes[at] >= 0x80 ? -1 : 0
            for byte in bytes[at..<(at + width)] { value = value << 8 | Int64(byte) }
            at += width
            return Int(value)
        }
        /// The six counts of a header: UT and standard indicators, leap seconds, times, types, characters.
        func header() -> [Int]? {
            guard at + 44 <= bytes.count, bytes[at...].starts(with: "TZif".utf8), bytes[at + 4] >= UInt8(ascii: "2") else { return nil }
            at += 20
            let counts = (0..<6).compactMap { _ in number(4) }
            return counts.count == 6 && counts.allSatisfy { (0...65_536).contains($0) } ? counts : nil
        }
        // The first block, with times of four bytes, is for old readers.
        guard let old = header() else { return nil }
        at += old[3] * 5 + old[4] * 6 + old[5] + old[2] * 8 + old[1] + old[0]
        guard let counts = header(), counts[4] > 0 else { return nil }
        for _ in 0..<counts[3] { if let time = number(8) { starts.append(time) } }
        let indices = (0..<counts[3]).compactMap { _ in number(1).map { $0 & 0xFF } }
        var types: [(offset: Int, name: Int)] = []
        for _ in 0..<counts[4] {
            guard let offset = number(4), number(1) != nil, let name = number(1) else { return nil }
            types.append((offset, name & 0xFF))
        }
        let names = at
        at += counts[5] + counts[2] * 12 + counts[1] + counts[0]
        guard at <= bytes.count, starts.count == counts[3], indices.count == counts[3], indices.allSatisfy({ $0 < types.count })
        else { return nil }
        periods = ([0] + indices).map { index in
            let name = bytes[min(names + types[index].name, names + counts[5])..<(names + counts[5])].prefix { $0 != 0 }
            return ZoneRules.Period(
                offset: CivilDate.floorDivide(types[index].offset, 60), abbreviation: String(decoding: name, as: UTF8.self))
        }
        let footer = bytes[at...].dropFirst().prefix { $0 != 0x0A }
        tail = ZoneTail(String(decoding: footer, as: UTF8.self))
    }
}
