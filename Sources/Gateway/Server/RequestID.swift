/// Makes the ids of `x-request-id`: `req_` and 96 random bits in hexadecimal, of which the last 32 are the process's.
enum RequestID {
    private static let process = UInt32.random(in: .min ... .max)

    static func make() -> String {
        // One call of the system gives so many bits.
        var high = UInt64.random(in: .min ... .max)
        var low = process
        return String(unsafeUninitializedCapacity: 28) { text in
            _ = text.initialize(fromContentsOf: "req_".utf8)
            for at in 4..<20 { text.initializeElement(at: at, to: digit(&high)) }
            for at in 20..<28 { text.initializeElement(at: at, to: digit(&low)) }
            return 28
        }
    }

    /// The lowest hexadecimal digit, which is taken off.
    private static func digit(_ number: inout some FixedWidthInteger & UnsignedInteger) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: number & 15)
        number >>= 4
        return value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
