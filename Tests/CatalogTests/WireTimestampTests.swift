import JSON
import Testing

@testable import Catalog

/// docs/wire.md#responses: moments are ISO 8601, UTC, with milliseconds.
@Suite struct WireTimestampTests {
    @Test(arguments: [
        ("2026-11-28T07:22:22.296999Z", "2026-11-28T07:22:22.296Z"), ("2026-11-28T07:22:22Z", "2026-11-28T07:22:22.000Z"),
        ("2026-11-28T09:22:22.5+02:00", "2026-11-28T07:22:22.500Z"), ("2026-11-28T00:22:22-0330", "2026-11-28T03:52:22.000Z"),
        ("2026-01-01T00:30:00+01", "2025-12-31T23:30:00.000Z"), ("2024-02-28T23:30:00-01:00", "2024-02-29T00:30:00.000Z"),
        ("2023-02-28T23:30:00-01:00", "2023-03-01T00:30:00.000Z"), ("2000-03-01T00:00:00+00:01", "2000-02-29T23:59:00.000Z"),
        ("1900-03-01T00:00:00+00:01", "1900-02-28T23:59:00.000Z"), ("1969-12-31t23:59:59.9z", "1969-12-31T23:59:59.900Z"),
        ("2026-11-28 07:22:22Z", "2026-11-28T07:22:22.000Z"), ("2026-12-31T23:59:59.9999999-00:01", "2027-01-01T00:00:59.999Z"),
    ])
    func `a moment takes the form of the wire`(given: String, text: String) {
        #expect(WireTimestamp.normalized(given) == text)
    }

    @Test(arguments: [
        "2026-11-28T07:22:22.296Z", "2026-11-28", "2026-11-28T07:22:22", "2026-13-28T07:22:22Z", "2026-11-28T25:22:22Z",
        "yesterday", "", "2026-11-28T07:22:22.Z", "2026-11-28T07:22:22Zulu", "1795463565269",
    ])
    func `what is in that form, or is no moment, stays`(text: String) {
        #expect(WireTimestamp.normalized(text) == nil)
    }
}
