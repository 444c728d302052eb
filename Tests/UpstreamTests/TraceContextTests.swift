import Testing

@testable import Upstream

/// W3C Trace Context, §3.2 and §4.3.
@Suite struct TraceContextTests {
    static let trace = "0af7651916cd43dd8448eb211c80319c"
    static let parent = "b7ad6b7169203331"

    @Test(arguments: [("00", false), ("01", true), ("ff", true), ("fe", false)])
    func `a well-formed one is read, with its flags`(flags: String, isSampled: Bool) throws {
        let context = try #require(TraceContext("00-\(Self.trace)-\(Self.parent)-\(flags)"))
        #expect(context.traceID == Self.trace && context.parentID == Self.parent)
        #expect(context.isSampled == isSampled)
    }

    @Test func `a later version may say more`() {
        #expect(TraceContext("cc-\(Self.trace)-\(Self.parent)-01-what-the-future-brings") != nil)
        #expect(TraceContext("cc-\(Self.trace)-\(Self.parent)-01") != nil)
    }

    @Test(arguments: [
        "", "00", "00-\(trace)-\(parent)", "ff-\(trace)-\(parent)-01", "00-\(trace)-\(parent)-01-more",
        "00-\(trace)-\(parent)-01-", "00-00000000000000000000000000000000-\(parent)-01", "00-\(trace)-0000000000000000-01",
        "00-\(trace.uppercased())-\(parent)-01", "00-\(trace)0-\(parent)-01", "00-\(trace.dropLast())-\(parent)-01",
        "00-\(trace)-\(parent)-1", "00-\(trace)-\(parent)-0x", "0-\(trace)-\(parent)-01", "cc-\(trace)-\(parent)-01.x",
        "00-\(trace.dropLast())g-\(parent)-01", " 00-\(trace)-\(parent)-01",
    ])
    func `anything else is as good as absent`(text: String) {
        #expect(TraceContext(text) == nil)
    }
}
