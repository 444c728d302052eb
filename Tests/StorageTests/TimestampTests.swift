import Testing

import Storage

@Suite struct TimestampTests {
    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000Z"), (1_767_225_599_999, "2025-12-31T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ]) func `milliseconds and text say the same`(milliseconds: Int64, text: String) {
        #expect(Timestamp(millisecondsSinceEpoch: milliseconds).text == text)
        #expect(Timestamp(text)?.millisecondsSinceEpoch == milliseconds)
    }

    @Test(arguments: [
        ("2026-01-02", "2026-01-02T00:00:00.000Z"), ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z"),
        ("2026-01-02 03:04:05Z", "2026-01-02T03:04:05.000Z"), ("2026-01-02T03:04:05.6789Z", "2026-01-02T03:04:05.678Z"),
        ("2026-01-02T03:04:05+02:30", "2026-01-02T00:34:05.000Z"), ("2026-01-02T23:04:05-0100", "2026-01-03T00:04:05.000Z"),
    ]) func `other forms of ISO 8601 are read`(text: String, canonical: String) {
        #expect(Timestamp(text)?.text == canonical)
    }

    @Test(arguments: [
        "", "2026", "2026-13-01", "2026-02-29", "2026-00-10", "2026-01-32", "2026-01-02T", "2026-01-02T03:04:05",
        "2026-01-02T24:00:00Z", "2026-01-02T03:60:05Z", "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05Zx",
        "2026-01-02T03:04:05+2", "x026-01-02",
    ]) func `what is no time is refused`(text: String) {
        #expect(Timestamp(text) == nil)
    }
}
