import HTTPTypes
import JSON
import NIOCore
import Testing

@testable import Catalog
@testable import Unified
@testable import Upstream

private typealias Texts = [(name: String, value: String)]

private func fields(_ texts: Texts) -> HTTPFields { HTTPFields(texts: texts) }

/// Names in the letters that are sent, and values, in their order.
private func lines(_ fields: HTTPFields) -> [String] { fields.map { "\($0.name.rawName): \($0.value)" } }

struct `A provider's rate limits` {
    private static let now: Int64 = 1_700_000_000

    private static let rows: [(Texts, Double?, [String])] = [
        ([], nil, []),
        ([("Content-Type", "a/b"), ("Server", "r"), ("X-Request", "1")], nil, []),
        (
            [("X-RateLimit-Limit", "10"), ("X-RateLimit-Remaining", "3"), ("X-RateLimit-Reset", "7")], nil,
            ["ratelimit-limit: 10", "ratelimit-remaining: 3", "ratelimit-reset: 7"]
        ),
        ([("Retry-After", "30")], nil, ["retry-after: 30"]), ([("Retry-After", "Tue, 14 Nov 2023 22:13:30 GMT")], nil, ["retry-after: 10"]),
        ([("Retry-After", "soon")], nil, []), ([], 4.2, ["retry-after: 5"]), ([], 0, ["retry-after: 1"]),
        ([], 1e12, ["retry-after: 86400"]), ([("Retry-After", "30")], 4, ["retry-after: 30"]),
        ([("Retry-After", "3")], 40, ["retry-after: 40"]),
        ([("rate-limit-remaining", "0"), ("retry-after", "2")], 9, ["ratelimit-remaining: 0", "retry-after: 9"]),
    ]

    @Test(arguments: rows.indices) func `have one spelling, and the longer wait`(index: Int) {
        let (given, retryAfter, expected) = Self.rows[index]
        #expect(lines(RateLimitFields.normalized(fields(given), retryAfter: retryAfter, now: Self.now)) == expected)
    }

    @Test func `are read from the response, and 429 has a wait in any case`() {
        func error(_ status: Int, _ texts: Texts) -> [String] {
            let failure = ProviderFailure(
                status: status, message: "", members: [:], isRateLimited: true, retryAfter: nil, resetAt: nil, isNotFound: false)
            return lines(
                APIError(failure, response: ProviderResponse(status: status, headers: fields(texts), json: nil), secrets: .none)
                    .headerFields)
        }
        #expect(error(429, []) == ["retry-after: 10"])
        #expect(error(429, [("Retry-After", "3")]) == ["retry-after: 3"])
        #expect(error(500, []) == [])
        #expect(error(500, [("RateLimit-Remaining", "1")]) == ["ratelimit-remaining: 1"])
    }
}

struct `The header fields of a download` {
    @Test func `are the provider's ranges and validators, and say that it is a file`() {
        let response = fields([
            ("ETag", "\"1\""), ("Content-Range", "bytes 0-1/9"), ("Set-Cookie", "a=b"), ("Accept-Ranges", "bytes"),
            ("Content-Disposition", "inline; filename=\"../a.html\""), ("Content-Type", "text/html"), ("X-Other", "1"),
            ("Accept-Ranges", "none"),
        ])
        let sent = lines(FileDownload.fields(of: response))
        #expect(sent.prefix(3) == ["content-range: bytes 0-1/9", "accept-ranges: bytes, none", "etag: \"1\""])
        #expect(sent.count == 5 && sent.last == "x-content-type-options: nosniff")
        #expect(sent[3].hasPrefix("content-disposition: attachment") && sent[3].contains("a.html") && !sent[3].contains(".."))
    }

    @Test func `of a refused range say what could be asked for`() {
        let response = fields([("Accept-Ranges", "bytes"), ("ETag", "x"), ("Content-Range", "bytes */9")])
        #expect(lines(FileDownload.rangeFields(of: response)) == ["accept-ranges: bytes", "content-range: bytes */9"])
    }

    @Test(arguments: [HTTPRequest.Method.get, .post]) func `ask for a range where the file is read by GET`(method: HTTPRequest.Method) {
        let request = UpstreamRequest(method: method, url: "https://a.test/", headers: [.accept: "application/json"])
        let sent = FileDownload.request(request, ranges: [.range: "bytes=0-1", .ifRange: "\"1\""])
        #expect(lines(sent.headers) == ["Accept: */*"] + (method == .get ? ["Range: bytes=0-1", "If-Range: \"1\""] : []))
        #expect(sent.maxRedirects == 3)
    }
}

struct `The header fields of a definition's request` {
    private static func request(_ headers: Texts, _ authorization: Texts) -> OutgoingRequest {
        OutgoingRequest(
            method: "GET", url: "https://a.test/", baseURL: "https://a.test", query: [], headers: fields(headers),
            authorization: fields(authorization), body: .none, mappedQuery: [:])
    }

    @Test func `are those of the definition, then the authorization, then what every request says`() {
        let sent = Self.request([("X-Version", "2"), ("X-Key", "open")], [("x-key", "secret")]).fields(contentType: "a/b")
        #expect(
            lines(sent) == [
                "X-Version: 2", "x-key: secret", "Content-Type: a/b", "User-Agent: attache",
                "Accept: application/json, */*;q=0.5", "Accept-Encoding: identity",
            ])
    }

    @Test func `go before what every request says`() {
        let own: Texts = [("content-type", "c"), ("user-agent", "u"), ("accept", "a"), ("accept-encoding", "e")]
        #expect(lines(Self.request(own, []).fields(contentType: "other")) == own.map { "\($0.name): \($0.value)" })
    }

    @Test func `that identify the account do not follow a redirect`() {
        let request = Self.request([("X-Version", "2")], [("X-Key", "s"), ("Authorization", "t")])
        #expect(
            request.credentialFields == [HTTPField.Name("x-key"), .authorization].compactMap(\.self).reduce(into: []) { $0.insert($1) })
    }
}

struct `Header fields from texts` {
    @Test func `keep their order, their letters and repetitions; what cannot be sent is dropped or blanked`() {
        let texts: Texts = [("X-B", "1"), ("a", "2"), ("no name", "3"), ("x-b", "4"), ("c", "5\r\nd: 6")]
        #expect(lines(fields(texts)) == ["X-B: 1", "a: 2", "x-b: 4", "c: 5  d: 6"])
    }

    @Test func `take the place of those with the same names, the last of several`() {
        var changed = fields([("X-A", "1"), ("X-B", "2"), ("x-a", "3")])
        changed.replace(with: fields([("x-A", "4"), ("c", "5"), ("C", "6")]))
        #expect(lines(changed) == ["x-A: 4", "X-B: 2", "C: 6"])
    }

    @Test func `of a response are added to each kind of it`() {
        let digest = fields([("file-digest", "d")])
        for response in [
            UnifiedResponse.json(ByteBuffer(), headers: [.eTag: "1"]),
            .bytes(status: 201, contentType: nil, ByteBuffer(), headers: [.eTag: "1"]),
        ] {
            switch response.adding(digest) {
            case .json(_, let headers), .bytes(201, nil, _, let headers): #expect(lines(headers) == ["ETag: 1", "file-digest: d"])
            default: Issue.record("another kind of response")
            }
        }
    }

    @Test func `of an error are sent in its letters, the last of several`() {
        let error = APIError.rateLimited("m", limit: 5, reset: 7).header("Retry-After", "9")
        #expect(
            lines(error.headerFields) == [
                "ratelimit: \"default\";r=0;t=7", "ratelimit-limit: 5", "ratelimit-remaining: 0", "ratelimit-reset: 7",
                "Retry-After: 9",
            ])
    }
}
