import HTTPTypes
import NIOCore
import Synchronization
import Testing
import TestSupport

@testable import Upstream

/// Retries, a credentials refresh and redirects, over a socket.
@Suite struct RepetitionTests {
    static let quick = RetryPolicy(base: .milliseconds(1), longest: .milliseconds(1))

    @Test func `a write turned away with a short wait is sent again, whole`() async throws {
        try await RawServer.run(.response("429 Slow Down", "retry-after: 1\r\n"), .response("200 OK")) { server in
            try await withUpstream {
                $0.retries = Self.quick
            } _: { upstream in
                let request = UpstreamRequest(method: .post, url: server.url, body: .bytes(ByteBuffer(string: "abc")))
                let response = try await upstream.send(request)
                #expect(response.status == .ok)
                let requests = server.record.requests
                #expect(requests.count == 2 && requests.first == requests.last)
                // The short response was read away, so one connection was enough.
                #expect(server.record.connections == 1)
            }
        }
    }

    @Test(arguments: [HTTPRequest.Method.get, .post])
    func `a reset is sent again only when reading`(_ method: HTTPRequest.Method) async throws {
        try await RawServer.run(.init(.request, .reset), .response("200 OK")) { server in
            try await withUpstream {
                $0.retries = Self.quick
            } _: { upstream in
                let failure = await code { _ = try await upstream.send(UpstreamRequest(method: method, url: server.url)) }
                #expect(failure == (method == .get ? nil : .outcomeUnknown))
                #expect(server.record.requests.count == (method == .get ? 2 : 1))
            }
        }
    }

    @Test(arguments: [(HTTPRequest.Method.post, true), (.get, false)])
    func `a definition says otherwise of a call`(_ method: HTTPRequest.Method, isIdempotent: Bool) async throws {
        try await RawServer.run(.init(.request, .reset), .response("200 OK")) { server in
            try await withUpstream {
                $0.retries = Self.quick
            } _: { upstream in
                var request = UpstreamRequest(method: method, url: server.url)
                request.isIdempotent = isIdempotent
                let failure = await code { _ = try await upstream.send(request) }
                #expect(failure == (isIdempotent ? nil : .outcomeUnknown))
                #expect(server.record.requests.count == (isIdempotent ? 2 : 1))
            }
        }
    }

    @Test func `a streamed body is never sent twice`() async throws {
        try await RawServer.run(.response("503 Busy", "retry-after: 1\r\n"), .response("200 OK")) { server in
            try await withUpstream {
                $0.retries = Self.quick
            } _: { upstream in
                let response = try await upstream.send(UpstreamRequest(method: .post, url: server.url, body: .chunks(1)))
                #expect(response.status == .serviceUnavailable)
                #expect(server.record.requests.count == 1)
            }
        }
    }

    @Test(arguments: [true, false])
    func `credentials are refreshed once`(_ fresh: Bool) async throws {
        let refused = RawServer.Script.response("401 Unauthorized")
        try await RawServer.run(refused, fresh ? .response("200 OK") : refused) { server in
            try await withUpstream { upstream in
                let asked = Mutex(0)
                var request = UpstreamRequest(method: .post, url: server.url, body: .bytes(ByteBuffer(string: "x")))
                request.headers[.authorization] = "Bearer old"
                request.onUnauthorized = { request in
                    asked.withLock { $0 += 1 }
                    var request = request
                    request.headers[.authorization] = "Bearer new"
                    return request
                }
                let response = try await upstream.send(request)
                #expect(response.status == (fresh ? .ok : .unauthorized))
                #expect(asked.withLock { $0 } == 1)
                #expect(server.record.requests.map { $0.contains("Bearer new") } == [false, true])
            }
        }
    }

    @Test func `redirects are handed on unless asked for`() async throws {
        try await RawServer.run(.response("302 Found", "location: /there\r\n")) { server in
            try await withUpstream { upstream in
                let plain = try await upstream.send(UpstreamRequest(url: server.url))
                #expect(plain.status == .found)
                let followed = try await upstream.send(UpstreamRequest(url: server.url, maxRedirects: 3))
                #expect(followed.status == .found)
                // One, and then the first of three more and their redirects.
                #expect(server.record.requests.count == 5)
                #expect(server.record.requests.dropFirst(2).allSatisfy { $0.hasPrefix("GET /there ") })
            }
        }
    }

    @Test func `credentials do not follow a redirect to another origin`() async throws {
        try await RawServer.run(.response("200 OK")) { other in
            try await RawServer.run(.response("307 Temporary Redirect", "location: \(other.url)/x\r\n")) { server in
                try await withUpstream { upstream in
                    let key = try #require(HTTPField.Name("X-Vendor-Key"))
                    var request = UpstreamRequest(url: server.url, credentialFields: [key], maxRedirects: 1)
                    request.headers = [.authorization: "Bearer s", .cookie: "a=b", key: "k", .accept: "*/*"]
                    let response = try await upstream.send(request)
                    #expect(response.url.description == "\(other.url)/x")
                    #expect(try #require(server.record.requests.first).contains("Bearer s"))
                    let followed = try #require(other.record.requests.first)
                    #expect(followed == "GET /x HTTP/1.1\r\nhost: 127.0.0.1:\(other.port)\r\nAccept: */*\r\n\r\n")
                }
            }
        }
    }

    @Test(arguments: ["http://169.254.169.254/latest/meta-data/", "https://10.0.0.1/", "http://[::ffff:a00:1]/", "http://2130706433/"])
    func `a redirect passes the same policy`(_ location: String) async throws {
        try await RawServer.run(.response("302 Found", "location: \(location)\r\n")) { server in
            try await withUpstream { upstream in
                let failure = await code { _ = try await upstream.send(UpstreamRequest(url: server.url, maxRedirects: 3)) }
                #expect(failure == .egressRefused || failure == .invalidRequest)
                #expect(server.record.requests.count == 1)
            }
        }
    }
}
