import HTTPTypes
import NIOCore
import Synchronization
import Testing
import TestSupport
import X509

@testable import Upstream

/// What goes wrong around and inside TLS, and uploads through it.
@Suite(.serialized) struct SecureFaultTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let name: String
        let script: RawServer.Script
        var limits = UpstreamLimits(total: .seconds(20), idle: .seconds(20))
        var method = HTTPRequest.Method.post
        let code: UpstreamError.Code
        var testDescription: String { name }
    }

    static let hello = RawServer.Trigger.bytes(1)
    static let short = UpstreamLimits(total: .seconds(20), connect: .milliseconds(150), idle: nil)
    static let handshakes: [Fault] = [
        Fault(
            name: "plain HTTP", script: .init(hello, .send("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n"), .close),
            code: .couldNotConnect),
        Fault(name: "plain HTTP that stays open", script: .init(hello, .send("HTTP/1.1 400 Bad Request\r\n\r\n")), code: .couldNotConnect),
        Fault(name: "another protocol", script: .init(hello, .send("220 mail.test ESMTP\r\n")), code: .couldNotConnect),
        Fault(name: "closed in the handshake", script: .init(hello, .close), code: .couldNotConnect),
        Fault(name: "reset in the handshake", script: .init(hello, .reset), code: .couldNotConnect),
        Fault(name: "half-closed in the handshake", script: .init(hello, .closeOutput), code: .couldNotConnect),
        Fault(name: "an alert", script: .init(hello, .send("\u{15}\u{3}\u{3}\u{0}\u{2}\u{2}\u{28}"), .close), code: .couldNotConnect),
        Fault(name: "half a record", script: .init(hello, .send("\u{16}\u{3}\u{3}\u{0}\u{7f}\u{2}"), .close), code: .couldNotConnect),
        Fault(name: "silence", script: .silence, limits: short, code: .couldNotConnect),
    ]

    @Test(arguments: handshakes)
    func `a handshake that fails has sent nothing`(_ fault: Fault) async throws {
        try await RawServer.run(fault.script) { server in
            try await withSecureUpstream(trusting: TestAuthority()) { upstream in
                let started = Mutex(false)
                let body = UpstreamRequest.Body.stream(length: 1) { _ in started.withLock { $0 = true } }
                let request = UpstreamRequest(method: .post, url: server.secureURL("provider.test"), body: body, limits: fault.limits)
                #expect(await code { _ = try await upstream.send(request) } == fault.code)
                #expect(started.withLock { $0 } == false)
                #expect(upstream.pool.idleCount == 0)
            }
        }
    }

    static let cut = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc"
    static let untilTheEnd = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nabc"
    static let exchanges: [Fault] = [
        Fault(name: "closed after a write", script: .init(.request, .close), code: .outcomeUnknown),
        Fault(name: "reset after a write", script: .init(.request, .reset), code: .outcomeUnknown),
        Fault(name: "cut after a read", script: .init(.request, .cut), method: .get, code: .interrupted),
        Fault(name: "answer cut off after a write", script: .init(.request, .send(cut), .close), code: .outcomeUnknown),
        Fault(name: "answer cut off after a read", script: .init(.request, .send(cut), .cut), method: .get, code: .interrupted),
        // Anybody on the way can end a TCP connection: only the end of TLS ends a response without a length.
        Fault(name: "answer without a length cut off", script: .init(.request, .send(untilTheEnd), .cut), method: .get, code: .interrupted),
        Fault(name: "garbage", script: .init(.request, .send("SSH-2.0-OpenSSH\r\n\r\n")), code: .badResponse),
        Fault(name: "silence after a write", script: .silence, limits: UpstreamLimits(idle: .milliseconds(500)), code: .outcomeUnknown),
    ]

    @Test(arguments: exchanges)
    func `a fault inside TLS has the code it has without`(_ fault: Fault) async throws {
        let authority = try TestAuthority()
        try await RawServer.run(fault.script, tls: authority.server(.dnsName("provider.test"))) { server in
            try await withSecureUpstream(trusting: authority) { upstream in
                let body: UpstreamRequest.Body = fault.method == .get ? .none : .bytes(ByteBuffer(string: "abc"))
                let request = UpstreamRequest(
                    method: fault.method, url: server.secureURL("provider.test"), body: body, limits: fault.limits)
                #expect(await code { _ = try await upstream.send(request) } == fault.code)
                #expect(upstream.pool.idleCount == 0)
            }
        }
    }

    @Test func `a response without a length ends with TLS`() async throws {
        let authority = try TestAuthority()
        let script = RawServer.Script(.request, .send(Self.untilTheEnd), .close)
        try await RawServer.run(script, tls: authority.server(.dnsName("provider.test"))) { server in
            try await withSecureUpstream(trusting: authority) { upstream in
                let response = try await upstream.send(UpstreamRequest(url: server.secureURL("provider.test")))
                #expect(response.body == ByteBuffer(string: "abc"))
            }
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [true, false])
    func `five megabytes are streamed through TLS`(_ length: Bool) async throws {
        let authority = try TestAuthority()
        try await RawServer.run(.response("201 Created", body: "ok"), tls: authority.server(.dnsName("provider.test"))) { server in
            try await withSecureUpstream(trusting: authority) { upstream in
                for _ in 0..<2 {
                    let body = UpstreamRequest.Body.chunks(80, length: length)
                    let response = try await upstream.send(
                        UpstreamRequest(method: .post, url: server.secureURL("provider.test"), body: body, limits: .stream))
                    #expect(response.status == .created)
                }
            }
            let seen = server.record
            #expect(seen.connections == 1)
            #expect(seen.bytes > 2 * 5_242_880)
            #expect(seen.requests.count == 2)
            #expect(seen.requests.allSatisfy { $0.contains(length ? "content-length: 5242880\r\n" : "transfer-encoding: chunked\r\n") })
        }
    }

    @Test(.timeLimit(.minutes(5))) func `an early response through TLS stops the upload`() async throws {
        let authority = try TestAuthority()
        let script = RawServer.Script.response("413 Payload Too Large", body: "too much", at: .bytes(50_000))
        try await RawServer.run(script, tls: authority.server(.dnsName("provider.test"))) { server in
            try await withSecureUpstream(trusting: authority) { upstream in
                let body = UpstreamRequest.Body.stream(length: 1 << 40) { writer in
                    while true { try await writer.write(ByteBuffer(repeating: 0, count: 65536)) }
                }
                let response = try await upstream.send(
                    UpstreamRequest(method: .post, url: server.secureURL("provider.test"), body: body, limits: .stream))
                #expect(response.status == .contentTooLarge)
                #expect(response.body == ByteBuffer(string: "too much"))
                await server.until { $0.open == 0 }
                #expect(upstream.pool.idleCount == 0)
            }
        }
    }

    @Test(.timeLimit(.minutes(5))) func `a large response through TLS is read at the reader's pace`() async throws {
        let authority = try TestAuthority()
        let script = RawServer.Script.response("200 OK", body: String(repeating: "x", count: 5 << 20))
        try await RawServer.run(script, tls: authority.server(.dnsName("provider.test"))) { server in
            try await withSecureUpstream(trusting: authority) { upstream in
                let count = try await upstream.withResponse(UpstreamRequest(url: server.secureURL("provider.test"))) { response in
                    var count = 0
                    for try await chunk in response.body {
                        count += chunk.readableBytes
                        await Task.yield()
                    }
                    return count
                }
                #expect(count == 5 << 20)
            }
        }
    }
}
