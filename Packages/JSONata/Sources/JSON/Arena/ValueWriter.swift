/// Writes values as JSON text, as JavaScript's `JSON.stringify` lays it out.
///
/// Members that are undefined are left out, undefined elements and numbers that are not finite are `null`, functions
/// are `""`. A lone surrogate is written as an escape.
@_spi(Engine) public struct ValueWriter {
    @_spi(Engine) public var sink: ByteSink
    /// Writing more than this many bytes fails.
    @_spi(Engine) public var limit = Int.max
    /// Set for `$string`: numbers that are not whole are rounded to 15 significant digits; those not finite are refused.
    @_spi(Engine) public var rounds: (@Sendable (Double) -> Double)?
    /// How a host object is written.
    @_spi(Engine) public var host: ((Value) -> Value)?
    /// Set to write what `JSONValue` would: other digits of numbers that are not whole, U+FFFD for lone surrogates, no more
    /// than 1,000 levels.
    @_spi(Engine) public var asJSONValue = false
    private var pretty = false
    private var lowest = StackGuard.lowest

    @_spi(Engine) public struct Failure: Error {
        @_spi(Engine) public enum Reason: Sendable { case tooDeep, tooLong, tooLarge, notFinite, nested }
        @_spi(Engine) public var reason: Reason
    }

    @_spi(Engine) public init(sink: ByteSink) { self.sink = sink }

    @_spi(Engine) public mutating func write(_ value: Value, pretty: Bool = false) throws(Failure) {
        self.pretty = pretty
        lowest = StackGuard.lowest
        try put(value, 0)
        if sink.count > limit { throw Failure(reason: .tooLong) }
    }

    /// Writes the name of a member and its colon.
    @_spi(Engine) public mutating func write(name: Value) {
        string(name)
        sink.append(UInt8(ascii: ":"))
    }

    private mutating func put(_ value: Value, _ depth: Int) throws(Failure) {
        switch value.tag {
        case .string: string(value)
        case .number: try number(value)
        case .object: try object(value, depth)
        case .array: try array(value, depth)
        case .true: sink.append("true")
        case .false: sink.append("false")
        case .null, .undefined: sink.append("null")
        case .function: sink.append(#""""#)
        case .host: try put(host?(value) ?? .null, depth)
        }
    }

    private func check(_ depth: Int) throws(Failure) {
        if asJSONValue, depth > 1000 { throw Failure(reason: .nested) }
        if StackGuard.here < lowest { throw Failure(reason: .tooDeep) }
        if sink.count > limit { throw Failure(reason: .tooLong) }
    }

    private mutating func newLine(_ depth: Int) {
        guard pretty else { return }
        sink.append(0x0A)
        for _ in 0..<depth * 2 { sink.append(0x20) }
    }

    private mutating func array(_ value: Value, _ depth: Int) throws(Failure) {
        try check(value.count > 0 ? depth &+ 1 : depth)
        sink.append(UInt8(ascii: "["))
        var first = true
        for item in value.elements {
            if !first { sink.append(UInt8(ascii: ",")) }
            if sink.count > limit { throw Failure(reason: .tooLong) }
            first = false
            newLine(depth + 1)
            try put(item, depth &+ 1)
        }
        if !first { newLine(depth) }
        sink.append(UInt8(ascii: "]"))
    }

    private mutating func object(_ value: Value, _ depth: Int) throws(Failure) {
        try check(value.count > 0 ? depth &+ 1 : depth)
        if value.has(Value.Flag.verbatim), !pretty, let source = value.source {
            sink.append(source.baseAddress.unsafelyUnwrapped, source.count)
            return
        }
        sink.append(UInt8(ascii: "{"))
        var first = true
        for member in value.members where !member.value.isUndefined {
            if !first { sink.append(UInt8(ascii: ",")) }
            if sink.count > limit { throw Failure(reason: .tooLong) }
            first = false
            if pretty { newLine(depth + 1) }
            string(member.key)
            sink.append(UInt8(ascii: ":"))
            if pretty { sink.append(0x20) }
            try put(member.value, depth &+ 1)
        }
        if !first { newLine(depth) }
        sink.append(UInt8(ascii: "}"))
    }

    @inline(__always) private mutating func number(_ value: Value) throws(Failure) {
        if value.isText {
            sink.append(value.utf8, value.count)
            return
        }
        var double = value.double
        guard double.isFinite else {
            if rounds != nil, double.isInfinite { throw Failure(reason: .notFinite) }
            sink.append("null")
            return
        }
        if let rounds, double != double.rounded() { double = rounds(double) }
        if asJSONValue, double != double.rounded() || double.magnitude >= 1_000_000_000_000_000 {
            var text = JSONNumber(double).text
            text.withUTF8 { if let base = $0.baseAddress { sink.append(base, $0.count) } }
            return
        }
        sink.reserve(NumberBytes.longest)
        sink.count += NumberBytes.write(double, to: sink.base + sink.count)
    }

    @inline(__always) private mutating func string(_ value: Value) {
        let length = value.count
        guard value.has(Value.Flag.clean) else { return escape(value.bytes) }
        sink.reserve(length &+ 2)
        sink.put(0x22)
        sink.copy(value.utf8, length)
        sink.put(0x22)
    }

    @inline(never) private mutating func escape(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard !bytes.isEmpty else { return sink.append(#""""#) }
        sink.reserve(bytes.count &* 6 &+ 10)
        sink.put(0x22)
        var at = 0
        let base = bytes.baseAddress.unsafelyUnwrapped
        while at < bytes.count {
            if bytes.count &- at >= 8 {
                let word = WordScan.load(base + at)
                let special = WordScan.special(word) | WordScan.surrogate(word)
                // The reserve above is six bytes for each that is left: a whole word fits.
                UnsafeMutableRawPointer(sink.base + sink.count).storeBytes(of: word.littleEndian, as: UInt64.self)
                if special == 0 {
                    sink.count &+= 8
                    at &+= 8
                    continue
                }
                let plain = WordScan.index(special)
                sink.count &+= plain
                at &+= plain
            }
            let byte = bytes[at]
            switch byte {
            case 0x22, 0x5C:
                sink.put(0x5C)
                sink.put(byte)
            case 0x08: short("b")
            case 0x09: short("t")
            case 0x0A: short("n")
            case 0x0C: short("f")
            case 0x0D: short("r")
            case 0..<0x20: unit(UInt32(byte))
            case 0xED where at + 2 < bytes.count && bytes[at + 1] >= 0xA0 && asJSONValue:
                // As Swift reads them: one replacement for each byte that fits nowhere.
                for _ in 0..<3 { for byte in [0xEF, 0xBF, 0xBD] as [UInt8] { sink.put(byte) } }
                at += 2
            case 0xED where at + 2 < bytes.count && bytes[at + 1] >= 0xA0:
                unit(WTF8.decode(bytes.baseAddress! + at))
                at += 2
            default: sink.put(byte)
            }
            at += 1
        }
        sink.put(0x22)
    }

    private mutating func short(_ letter: Unicode.Scalar) {
        sink.put(0x5C)
        sink.put(UInt8(truncatingIfNeeded: letter.value))
    }

    private mutating func unit(_ unit: UInt32) {
        short("u")
        for shift in [12, 8, 4, 0] {
            let digit = UInt8(truncatingIfNeeded: unit >> UInt32(shift) & 0xF)
            sink.put(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
    }
}
