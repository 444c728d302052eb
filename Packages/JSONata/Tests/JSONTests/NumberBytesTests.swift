@_spi(Engine) import JSON
import Testing

@Suite struct NumberBytesTests {
    static let printed: [(Double, String)] = [
        (0, "0"), (-0.0, "0"), (1, "1"), (-1.5, "-1.5"), (0.1, "0.1"), (1e21, "1e+21"), (1e20, "100000000000000000000"),
        (123_456_789_012_345_683_968, "123456789012345680000"), (1e-6, "0.000001"), (1e-7, "1e-7"), (1.5e-9, "1.5e-9"),
        (9_007_199_254_740_992, "9007199254740992"), (Double.leastNonzeroMagnitude, "5e-324"),
        (1.797_693_134_862_315_7e308, "1.7976931348623157e+308"),
        (100, "100"), (12345.678, "12345.678"), (-1e-7, "-1e-7"), (0.000123, "0.000123"), (4.35, "4.35"),
    ]

    @Test(arguments: printed) func `numbers are printed as JavaScript prints them`(value: Double, text: String) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: NumberBytes.longest) { buffer in
            let count = NumberBytes.write(value, to: buffer.baseAddress!)
            #expect(String(decoding: buffer.prefix(count), as: UTF8.self) == text)
        }
    }

    @Test(arguments: [
        "0", "-0", "1", "0.1", "123.456e3", "1e400", "-1e-400", "12345678901234567890", "0.30000000000000004",
        "2.2250738585072011e-308", "9007199254740993", "1e22", "1e23", "123456789012345678e-5", "0.000001", "00001.5",
    ]) func `text is read as the nearest double`(text: String) {
        var copy = text
        copy.withUTF8 { #expect(NumberBytes.double($0.baseAddress!, $0.count) == Double(text)!) }
    }
}
