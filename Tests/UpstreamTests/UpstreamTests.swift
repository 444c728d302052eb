import HTTPTypes
import NIOCore
import Synchronization
import Testing
import TestSupport

@testable import Upstream

/// An `Upstream` that may call the loopback, and its end.
func withUpstream<Result>(
    _ change: (inout Upstream.Configuration) -> Void = { _ in }, _ body: (Upstream) async throws -> Result
) async throws -> Result {
    var configuration = Upstream.Configuration(
        egress: EgressPolicy(holes: [try EgressAllowlistEntry("127.0.0.0/8")]),
        resolver: Resolver { _ in throw Boom() }
    )
    change(&configuration)
    let upstream = Upstream(configuration)
    defer { upstream.shutdown() }
    return try await body(upstream)
}

/// The code of the `UpstreamError` that `body` throws.
func code(_ body: () async throws -> Void) async -> UpstreamError.Code? {
    do {
        try await body()
    } catch let error as UpstreamError {
        return error.code
    } catch {
        Issue.record(error)
    }
    return nil
}

extension UpstreamRequest.Body {
    /// So many chunks of 64 KiB.
    static func chunks(_ count: Int, length: Bool = true) -> Self {
        let chunk = ByteBuffer(repeating: 0x78, count: 65536)
        return .stream(length: length ? Int64(count) * 65536 : nil) { writer in
            for _ in 0..<count { try await writer.write(chunk) }
        }
    }
}

@Suite struct UpstreamTests {
    @Test func `a response is collected and its connection used again`() async throws {
        try await RawServer.run(.response("201 Created", "X-A: 1\r\n", body: "hello")) { server in
            try await withUpstream { upstream in
                for _ in 0..<5 {
                    let response = try await upstream.send(
                        UpstreamRequest(method: .post, url: server.url + "/x?y=1", body: .bytes(ByteBuffer(string: "abc"))))
                    #expect(response.status == .created)
                    #expect(response.body == ByteBuffer(string: "hello"))
                    let name = try #require(HTTPField.Name("x-a"))
                    #expect(response.headers[name] == "1")
                }
                #expect(server.record.connections == 1)
                #expect(
                    server.record.requests.first == "POST /x?y=1 HTTP/1.1\r\nhost: 127.0.0.1:\(server.port)\r\ncontent-length: 3\r\n\r\nabc"
                )
                #expect(upstream.pool.idleCount == 1)
            }
        }
    }

    @Test(arguments: [true, false])
    func `a body is streamed with its length or in chunks`(_ length: Bool) async throws {
        try await RawServer.run(.response("200 OK", body: "ok")) { server in
            try await withUpstream { upstream in
                let response = try await upstream.send(UpstreamRequest(method: .put, url: server.url, body: .chunks(10, length: length)))
                #expect(response.status == .ok)
                #expect(server.record.bytes > 655_360)
                #expect(try #require(server.record.requests.first).contains(length ? "content-length: 655360" : "chunked"))
            }
        }
    }

    @Test func `a response is read at the reader's pace`() async throws {
        let size = 8 << 20
        let head = "HTTP/1.1 200 OK\r\ncontent-length: \(size)\r\n\r\n"
        try await RawServer.run(.init(.request, .send(head + String(repeating: "x", count: size)))) { server in
            try await withUpstream { upstream in
                let count = try await upstream.withResponse(UpstreamRequest(url: server.url)) { response in
                    var count = 0
                    for try await chunk in response.body {
                        count += chunk.readableBytes
                        #expect(chunk.readableBytes < 1 << 20)
                        await Task.yield()
                    }
                    return count
                }
                #expect(count == size)
            }
        }
    }

    @Test(arguments: [(99_999, UpstreamError.Code.responseTooLarge), (100_000, nil)])
    func `a response that is too long is cut off`(_ limit: Int, _ expected: UpstreamError.Code?) async throws {
        try await RawServer.run(.response("200 OK", body: String(repeating: "x", count: 100_000))) { server in
            try await withUpstream { upstream in
                let failure = await code { _ = try await upstream.send(UpstreamRequest(url: server.url), upTo: limit) }
                #expect(failure == expected)
            }
        }
    }

    @Test func `an unread response takes its connection along`() async throws {
        try await RawServer.run(.init(.request, .send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc"))) { server in
            try await withUpstream { upstream in
                let status = try await upstream.withResponse(UpstreamRequest(url: server.url)) { $0.status }
                #expect(status == .ok)
                await server.until { $0.open == 0 }
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func `a task cancelled before it calls does not wait for a response`() async throws {
        try await RawServer.run(.response("200 OK"), .silence) { server in
            try await withUpstream { upstream in
                _ = try await upstream.send(UpstreamRequest(url: server.url))
                // A connection is waiting, so nothing but the exchange itself can notice.
                let limits = UpstreamLimits(total: nil, idle: nil)
                let outcome = await withTaskGroup(of: UpstreamError.Code?.self) { group in
                    group.cancelAll()
                    group.addTask { await code { _ = try await upstream.send(UpstreamRequest(url: server.url, limits: limits)) } }
                    return await group.next() ?? nil
                }
                #expect(outcome == .cancelled)
                #expect(upstream.pool.idleCount == 1)
            }
        }
    }

    @Test func `nobody listening is safe to retry, and is`() async throws {
        let port = try await RawServer.run(.silence) { $0.port }
        try await withUpstream { upstream in
            let started = Mutex(0)
            let body = UpstreamRequest.Body.stream(length: 1) { _ in started.withLock { $0 += 1 } }
            #expect(
                await code { _ = try await upstream.send(UpstreamRequest(method: .post, url: "http://127.0.0.1:\(port)", body: body)) }
                    == .couldNotConnect)
            #expect(started.withLock { $0 } == 0)
        }
    }

    @Test func `the policy stands before the connection`() async throws {
        try await RawServer.run(.response("200 OK")) { server in
            try await withUpstream {
                $0.egress = .standard
            } _: { upstream in
                for url in [server.url, "https://localhost.test/"] {
                    let code = await code { _ = try await upstream.send(UpstreamRequest(url: url)) }
                    #expect(code == (url == server.url ? .egressRefused : .couldNotConnect))
                }
            }
            #expect(server.record.connections == 0)
        }
    }

    @Test func `the checked address is the one connected to, whatever the name says later`() async throws {
        try await RawServer.run(.response("200 OK")) { server in
            let calls = Mutex(0)
            let resolver = Resolver { name in
                #expect(name == "provider.test")
                let call = calls.withLock {
                    $0 += 1; return $0
                }
                return call == 1 ? [.v4(0x7f00_0002), .v4(0x0a00_0001)] : [.v4(0x0a00_0001)]
            }
            // Listens on 127.0.0.1 only: 127.0.0.2 is admitted and refused by the system, 10.0.0.1 is not admitted.
            try await withUpstream {
                $0.resolver = resolver; $0.retries = .none
            } _: { upstream in
                let code = await code { _ = try await upstream.send(UpstreamRequest(url: "http://provider.test:\(server.port)/")) }
                #expect(code == .couldNotConnect)
            }
            #expect(calls.withLock { $0 } == 1)

            let good = Resolver { _ in [.v4(0x7f00_0002), .v4(0x7f00_0001)] }
            try await withUpstream {
                $0.resolver = good
            } _: { upstream in
                _ = try await upstream.send(UpstreamRequest(url: "http://provider.test:\(server.port)/"))
            }
            #expect(server.record.addresses == ["127.0.0.1"])
            #expect(try #require(server.record.requests.first).contains("host: provider.test:\(server.port)\r\n"))
        }
    }
}
