import HTTPTypes
import NIOCore
import NIOHTTP1
import Testing

@testable import Upstream

@Suite struct RetryAfterTests {
    static let now: Int64 = 784_111_777  // Sun, 06 Nov 1994 08:49:37 GMT

    @Test(arguments: [
        ("1", 1), ("120", 120), (" 30 ", 30), ("0", 1), ("-5", 1), ("0.2", 1), ("1.2", 2), ("86400", 86400), ("86401", 86400),
        ("99999999999999999999999", 86400), ("-99999999999999999999999", 1),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 1), ("Sun, 06 Nov 1994 08:50:37 GMT", 60), ("Sunday, 06-Nov-94 08:50:07 GMT", 30),
        ("Sun Nov  6 08:49:47 1994", 10), ("Mon, 07 Nov 1994 08:49:37 GMT", 86400), ("Fri, 01 Jan 1993 00:00:00 GMT", 1),
        ("Thu, 01 Jan 2099 00:00:00 GMT", 86400),
    ])
    func `what can be read becomes an integer of at least 1`(_ text: String, _ seconds: Int) {
        #expect(RetryAfter.seconds(text, now: Self.now) == seconds)
    }

    @Test(arguments: [
        "", " ", "soon", "1s", "1e3", "0x10", "nan", "inf", "infinity", "--1", "1-", ".", "-", "+5", "1,000", "１２",
        "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 99 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov +994 08:49:37 GMT",
    ])
    func `junk is no wait`(_ text: String) {
        #expect(RetryAfter.seconds(text, now: Self.now) == nil)
    }

    @Test(
        arguments: [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Tue, 29 Feb 2000 12:00:00 GMT", 951_825_600),
            ("Thu, 31 Dec 2099 23:59:59 GMT", 4_102_444_799), ("Wednesday, 01-Jan-69 00:00:00 GMT", 3_124_224_000),
            ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200),
        ] as [(String, Int64)])
    func `dates are counted right`(_ text: String, _ seconds: Int64) {
        #expect(HTTPDate.seconds(text) == seconds)
    }
}

@Suite struct RateLimitTests {
    static let now: Int64 = 1_700_000_000

    @Test(
        arguments: [
            (
                [("x-ratelimit-limit", "10"), ("x-ratelimit-remaining", "3"), ("x-ratelimit-reset", "7")],
                RateLimit(limit: 10, remaining: 3, reset: 7)
            ),
            ([("X-Rate-Limit-Limit", "10"), ("X-Rate-Limit-Remaining", "0")], RateLimit(limit: 10, remaining: 0)),
            ([("RateLimit-Limit", "100, 100;w=60"), ("RateLimit-Reset", "0")], RateLimit(limit: 100, reset: 1)),
            ([("x-ratelimit-reset", "1700000030")], RateLimit(reset: 30)), ([("x-ratelimit-reset", "1700000030500")], RateLimit(reset: 31)),
            ([("x-ratelimit-reset", "1600000000")], RateLimit(reset: 1)),
            ([("x-ratelimit-reset", "Tue, 14 Nov 2023 22:13:30 GMT")], RateLimit(reset: 10)),
            ([("RateLimit", "limit=10, remaining=2, reset=5")], RateLimit(limit: 10, remaining: 2, reset: 5)),
            (
                [("RateLimit", "\"default\";r=50;t=30"), ("RateLimit-Policy", "\"default\";q=100;w=60")],
                RateLimit(limit: 100, remaining: 50, reset: 30)
            ),
            ([("x-ratelimit-limit", "many"), ("x-ratelimit-remaining", "-1"), ("x-ratelimit-reset", "later")], RateLimit()),
            ([], RateLimit()),
        ] as [([(String, String)], RateLimit)])
    func `the usual spellings say the same`(_ fields: [(String, String)], _ expected: RateLimit) {
        let headers = HTTPFields(texts: fields.map { (name: $0, value: $1) })
        #expect(RateLimit(headers, now: Self.now) == expected)
    }
}

@Suite struct HeaderRulesTests {
    @Test func `fields of the connection end at the gateway`() {
        let drop = [
            "Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Proxy-Authorization",
            "Proxy-Connection", "X-Named",
        ]
        let fields = HTTPFields(
            texts: drop.map { (name: $0, value: $0 == "Connection" ? "close, x-named" : "x") } + [(name: "X-Kept", value: "1")])
        #expect(HeaderRules.endToEnd(fields).map(\.name.rawName) == ["X-Kept"])
    }

    @Test(arguments: [
        ("X-A", "a\r\nX-B: c"), ("X-A", "a\nb"), ("X-A", "a\rb"), ("X-A", "a\u{0}b"), ("X-A\r\nX-B", "c"), ("X A", "b"),
        ("", "b"), ("X-A:", "b"), ("X-Ä", "b"), ("X-A", "\n"),
    ])
    func `no text ends a field`(_ name: String, _ value: String) {
        for field in HTTPFields(texts: [(name: name, value: value)]) {
            #expect(field.name.rawName == "X-A")
            #expect(!field.value.utf8.contains { $0 == 13 || $0 == 10 || $0 == 0 })
        }
    }

    @Test func `host and framing are ours`() throws {
        var request = UpstreamRequest(method: .post, url: "https://e.com:444/x", body: .bytes(ByteBuffer(string: "abc")))
        request.headers = [.contentLength: "99", .transferEncoding: "chunked", try #require(.init("host")): "evil", .accept: "a"]
        let head = try HeaderRules.requestHead(request, to: TargetURL(request.url))
        #expect(head.headers.map { "\($0): \($1)" } == ["host: e.com:444", "Accept: a", "content-length: 3"])
        request.body = .stream(length: nil) { _ in }
        let streamed = try HeaderRules.requestHead(request, to: TargetURL(request.url))
        #expect(streamed.headers["transfer-encoding"] == ["chunked"])
    }
}

@Suite struct RedirectTests {
    @Test(arguments: [
        ("/b", "https://e.com/b"), ("b", "https://e.com/x/b"), ("../b?c", "https://e.com/b?c"), ("../../../b", "https://e.com/b"),
        ("?c=d", "https://e.com/x/y?c=d"), ("//o.com/b", "https://o.com/b"), ("https://o.com:444/", "https://o.com:444/"),
        ("./", "https://e.com/x/"), ("/a/./b/../c", "https://e.com/a/c"),
    ])
    func `a location is resolved against where it came from`(_ location: String, _ expected: String) throws {
        #expect(try Redirect.target(of: location, from: TargetURL("https://e.com/x/y?q=1")).description == expected)
    }

    @Test(arguments: ["http://e.com/", "ftp://e.com/", "file:///etc/passwd", "https://u:p@e.com/", "javascript:x", "//[::1/"])
    func `a location that must not be followed is refused`(_ location: String) throws {
        let base = try TargetURL("https://e.com/x")
        #expect(throws: UpstreamError.self) { try Redirect.target(of: location, from: base) }
    }
}

@Suite struct ExchangeProgressTests {
    @Test func `phases follow what has left and what has come`() {
        var progress = ExchangeProgress()
        #expect(progress.phase == .connecting)
        progress.flushedHead()
        #expect(progress.phase == .sending)
        progress.wroteAll()
        #expect(progress.phase == .sending)
        progress.flushedAll()
        #expect(progress.phase == .sent)
        #expect(progress.receivedHead(status: 413, keepAlive: true) == false)
        #expect(progress.phase == .answering)
        #expect(progress.receivedEnd() == false)
        #expect(progress.mayReuse)
    }

    @Test(arguments: [(200, false), (299, false), (300, true), (401, true), (413, true), (500, true)])
    func `an early response stops the upload unless it is a success`(_ status: Int, _ stops: Bool) {
        var progress = ExchangeProgress()
        progress.flushedHead()
        #expect(progress.receivedHead(status: status, keepAlive: true) == stops)
        #expect(progress.receivedEnd() == !stops)
        #expect(!progress.mayReuse)
    }

    @Test func `a connection is used again only when the whole request had left before the response's end`() {
        for isFlushed in [true, false] {
            var progress = ExchangeProgress()
            progress.flushedHead()
            progress.wroteAll()
            if isFlushed { progress.flushedAll() }
            _ = progress.receivedHead(status: 200, keepAlive: true)
            _ = progress.receivedEnd()
            #expect(progress.mayReuse == isFlushed)
        }
    }

    struct Meaning: Sendable {
        let failure: Failure, phase: UpstreamPhase, safe: Bool, code: UpstreamError.Code
    }

    static let meanings: [Meaning] = {
        let reset = Failure.closed("reset")
        var rows: [Meaning] = []
        for failure in [reset, .idle, .deadline] {
            let slow = failure != reset
            rows.append(Meaning(failure: failure, phase: .connecting, safe: false, code: .couldNotConnect))
            rows.append(Meaning(failure: failure, phase: .sending, safe: false, code: slow ? .timedOut : .interrupted))
            for phase in [UpstreamPhase.sent, .answering] {
                rows.append(Meaning(failure: failure, phase: phase, safe: false, code: .outcomeUnknown))
                rows.append(Meaning(failure: failure, phase: phase, safe: true, code: slow ? .timedOut : .interrupted))
            }
        }
        rows.append(Meaning(failure: .garbage("x"), phase: .sent, safe: false, code: .badResponse))
        rows.append(Meaning(failure: .cancelled, phase: .sent, safe: false, code: .cancelled))
        return rows
    }()

    @Test(arguments: meanings)
    func `a failure means what its phase makes of it`(_ row: Meaning) {
        #expect(row.failure.error(phase: row.phase, isSafe: row.safe).code == row.code)
    }
}
