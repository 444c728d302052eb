import Catalog
import JSON
import Testing

struct `Small parts` {
    static let sizes: [(String, Int?)] = [
        ("30MB", 30_000_000), ("30 MiB", 31_457_280), ("1.5kB", 1500), ("5GiB", 5_368_709_120), ("12", 12), ("12B", 12),
        ("", nil), ("MB", nil), ("-1MB", nil), ("3TB", nil), ("1e3", nil), ("1.2.3MB", nil), ("NaN", nil),
    ]

    @Test(arguments: sizes)
    func `read sizes`(text: String, bytes: Int?) { #expect(ByteSize.parse(text) == bytes) }

    @Test(arguments: [(30_000_000, "30 MB"), (31_457_280, "30 MiB"), (1500, "1500 bytes"), (5_368_709_120, "5 GiB")])
    func `write sizes`(bytes: Int, text: String) { #expect(ByteSize.text(bytes) == text) }

    @Test(arguments: [SourceCursor(source: "files", cursor: nil), SourceCursor(source: "ré", cursor: "%5B\"?>")])
    func `carry cursors to the caller and back`(cursor: SourceCursor) throws {
        #expect(try SourceCursor(cursor.text) == cursor)
        #expect(cursor.text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
    }

    @Test(arguments: ["", "x", "!!", "eyJhIjoxfQ", "WzFd"])
    func `refuse cursors that others made`(text: String) {
        #expect(caught { _ = try SourceCursor(text) }?.code == .badCursor)
    }

    static let messages: [(JSONValue, String)] = [
        (["code": "X", "message": "m"], "m"), (["error": ["message": "deep"]], "deep"), (["errors": [["detail": "d"]]], "d"),
        (["errors": ["first", "second"]], "first"), (["error": "e", "error_description": "ed"], "ed"), ("text", ""), (.null, ""),
        (["success": false, "errorInfo": ["code": "c", "message": "m2"]], "m2"), (["message": ""], ""), ([1, 2], ""),
    ]

    @Test(arguments: messages)
    func `find the sentence in a provider's error`(body: JSONValue, message: String) {
        #expect(ProviderMessage.find(in: body) == message)
    }
}
