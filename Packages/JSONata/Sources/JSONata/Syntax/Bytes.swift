@_spi(Engine) import JSON

/// Strings as WTF-8 bytes outside an arena.
enum Bytes {
    /// UTF-16 to WTF-8; pairs of surrogates join, lone ones stay.
    static func fromUTF16(_ units: some Collection<UInt16>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(units.count)
        var high: UInt32 = 0
        func put(_ code: UInt32) {
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4) { buffer in
                let count = WTF8.write(code, to: buffer.baseAddress!)
                for at in 0..<count { out.append(buffer[at]) }
            }
        }
        for unit in units {
            let code = UInt32(unit)
            if high != 0 {
                if code & 0xFC00 == 0xDC00 {
                    put(0x10000 + (high - 0xD800) << 10 + (code - 0xDC00))
                    high = 0
                    continue
                }
                put(high)
                high = 0
            }
            if code & 0xFC00 == 0xD800 { high = code } else { put(code) }
        }
        if high != 0 { put(high) }
        return out
    }
}
