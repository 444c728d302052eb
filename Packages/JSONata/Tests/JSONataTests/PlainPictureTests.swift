@_spi(Engine) import JSON
import Testing

@_spi(Engine) @testable import JSONata

/// The quick ways must write what the general formatters write.
@Suite struct PlainPictureTests {
    static let numbers = ["0", "0.00", "#,##0", "#,##0.00", "#0.##", "000", "00.0##", "#,000.0"]

    @Test(arguments: numbers) func `plain number pictures agree with the general formatter`(picture: String) throws {
        let plain = try #require(PlainNumberPicture(picture))
        let general = try NumberPicture(picture)
        for value in [
            0, -0.0, 1, -1, 0.5, 1.5, 2.5, 0.005, 0.015, 2.675, 1.005, -0.004, 999.995, 1234.5, -1234567.891, 12, 123, 1234, 999_999,
            0.1 + 0.2, 99.99, 9.9999, 123456789.125,
        ] {
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: PlainNumberPicture.longest) { buffer in
                let count = plain.write(value, to: buffer.baseAddress!)
                let text = String(decoding: buffer.prefix(count), as: UTF8.self)
                #expect(text == String(decoding: general.format(value), as: UTF8.self), "\(picture) \(value)")
            }
        }
    }

    @Test(arguments: ["", "#", "0;(0)", "0%", "#,#,##0", "0.0.0", "0e0", "#,##", "0#", ".0", "0.", "x0", "0.0#0"])
    func `other number pictures are left to the general formatter`(picture: String) {
        #expect(PlainNumberPicture(picture) == nil)
    }

    @Test(arguments: ["[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01]Z", "[D01]/[M01]/[Y0001] [f001]"])
    func `plain date pictures agree with the general formatter`(picture: String) throws {
        let plain = try #require(PlainDatePicture(picture))
        let general = try DatePicture(picture)
        for moment in [0, -1, 1_700_000_000_123, -62_000_000_000_000 / 4, 951_782_400_000, 4_102_444_799_999] {
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: plain.longest) { buffer in
                let done = plain.write(moment, to: buffer.baseAddress!)
                #expect(done)
                #expect(Array(buffer) == (try? general.format(moment)), "\(picture) \(moment)")
            }
        }
    }
}
