import JSON
import Testing

@testable import Unified

struct FailedExchangeTests {
    @Test(arguments: [
        JSONValue.string("short"), ["a": 1], .null, .string(String(repeating: "a", count: FailedExchange.longestPart)),
    ])
    func `a part within the bound stays as it is`(part: JSONValue) { #expect(FailedExchange.bounded(part) == part) }

    @Test(arguments: [
        JSONValue.string(String(repeating: "ä", count: FailedExchange.longestPart)),
        .array(Array(repeating: "text", count: FailedExchange.longestPart)),
    ])
    func `of a longer part the beginning is kept`(part: JSONValue) {
        let kept = FailedExchange.bounded(part).string ?? ""
        #expect(kept.utf8.count <= FailedExchange.longestPart + 3 && kept.hasSuffix("…"))
        #expect((part.string ?? part.text()).hasPrefix(kept.dropLast()))
    }
}
