import Catalog
import HTTPTypes
import JSON
import NIOCore
import Testing
import Upstream

@testable import Unified

struct `A request with newer credentials` {
    @Test func `is made of them whole, and is read as the old one`() throws {
        var sent = UpstreamRequest(method: .get, url: "https://a.test/old?key=1", headers: [.accept: "*/*", .range: "bytes=0-1"])
        sent.headers[.authorization] = "Bearer old"
        sent.headers[.cookie] = "session=old"
        sent.body = .bytes(ByteBuffer(string: "token=old"))
        sent.maxRedirects = 3
        var fresh = UpstreamRequest(method: .get, url: "https://b.test/new?key=2", headers: [.accept: "application/json"])
        fresh.headers[.authorization] = "Bearer new"
        fresh.body = .bytes(ByteBuffer(string: "token=new"))
        fresh.credentialFields = [.authorization]
        let renewed = sent.renewed(by: fresh)
        #expect(renewed.url == "https://b.test/new?key=2")
        #expect(renewed.headers == [.accept: "*/*", .range: "bytes=0-1", .authorization: "Bearer new"])
        #expect(renewed.credentialFields == [.authorization])
        #expect(renewed.maxRedirects == 3)
        guard case .bytes(let body) = renewed.body else {
            Issue.record("no body")
            return
        }
        #expect(String(buffer: body) == "token=new")
    }
}

struct `The wait after a rate limit` {
    @Test(
        arguments: [
            (nil, nil, nil), (3, nil, 3), (nil, 1_005, 5), (3, 1_005, 5), (9, 1_005, 9), (nil, 990, nil), (2, 990, 2),
        ] as [(Double?, Double?, Double?)])
    func `is the later of what the definition's expressions give`(after: Double?, reset: Double?, expected: Double?) {
        let failure = ProviderFailure(
            status: 429, message: "", members: [:], isRateLimited: true, retryAfter: after, resetAt: reset, isNotFound: false)
        #expect(failure.wait(at: 1_000) == expected)
    }
}
