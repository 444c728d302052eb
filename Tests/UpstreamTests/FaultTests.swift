import HTTPTypes
import NIOCore
import Synchronization
import Testing
import TestSupport

@testable import Upstream

/// Providers that misbehave, and what each fault is called.
@Suite struct FaultTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let name: String
        let script: RawServer.Script
        var method = HTTPRequest.Method.post
        var chunks: Int? = nil
        var limits = UpstreamLimits(total: .seconds(20), idle: .seconds(20))
        let code: UpstreamError.Code
        var testDescription: String { name }
    }

    static let short = UpstreamLimits(idle: .milliseconds(600))
    static let deadline = UpstreamLimits(total: .milliseconds(1500), idle: nil)
    static let cut = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc"

    static let faults: [Fault] = [
        Fault(name: "reset after the head", script: .init(.head, .reset), chunks: 200, code: .interrupted),
        Fault(name: "reset in the middle", script: .init(.bytes(100_000), .reset), chunks: 200, code: .interrupted),
        Fault(name: "closed in the middle", script: .init(.bytes(100_000), .close), chunks: 200, code: .interrupted),
        Fault(name: "reset after the whole write", script: .init(.request, .reset), chunks: 2, code: .outcomeUnknown),
        Fault(name: "reset after a short write", script: .init(.request, .reset), code: .outcomeUnknown),
        Fault(name: "closed after a short write", script: .init(.request, .close), code: .outcomeUnknown),
        Fault(name: "half-closed without a response", script: .init(.request, .closeOutput), code: .outcomeUnknown),
        Fault(name: "reset after a read", script: .init(.request, .reset), method: .get, code: .interrupted),
        Fault(name: "answer cut off after a write", script: .init(.request, .send(cut), .close), code: .outcomeUnknown),
        Fault(name: "answer cut off after a read", script: .init(.request, .send(cut), .close), method: .get, code: .interrupted),
        Fault(name: "half a head", script: .init(.request, .send("HTTP/1.1 200 O"), .close), code: .outcomeUnknown),
        Fault(name: "garbage", script: .init(.request, .send("SSH-2.0-OpenSSH\r\n\r\n")), code: .badResponse),
        Fault(name: "binary garbage", script: .init(.request, .send("\u{1}\u{2}\u{0}\u{3}")), method: .get, code: .badResponse),
        Fault(
            name: "garbage for a chunk", script: .init(.request, .send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n")),
            code: .badResponse),
        Fault(
            name: "an upgrade nobody asked for", script: .init(.request, .send("HTTP/1.1 101 Switching Protocols\r\n\r\n")),
            code: .badResponse),
        Fault(name: "silence after a write", script: .silence, limits: short, code: .outcomeUnknown),
        Fault(name: "silence after a read", script: .silence, method: .get, limits: short, code: .timedOut),
        Fault(name: "a stalled upload", script: .init(.head, .stopReading), chunks: 2000, limits: short, code: .timedOut),
        Fault(name: "a stalled answer", script: .init(.request, .send(cut)), method: .get, limits: short, code: .timedOut),
        Fault(name: "deadline after a write", script: .silence, limits: deadline, code: .outcomeUnknown),
        Fault(name: "deadline in an upload", script: .init(.head, .stopReading), chunks: 2000, limits: deadline, code: .timedOut),
        Fault(
            name: "a dripping answer", script: .init(.request, .send("HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n"), .drip),
            method: .get, limits: deadline, code: .timedOut),
        Fault(
            name: "a dripping head", script: .init(.request, .send("HTTP/1.1 200 OK\r\nx: "), .drip), method: .get, limits: deadline,
            code: .timedOut),
    ]

    @Test(arguments: faults)
    func `a fault has its code, and leaves nothing open`(_ fault: Fault) async throws {
        try await RawServer.run(fault.script) { server in
            try await withUpstream {
                $0.retries = .none
            } _: { upstream in
                let body: UpstreamRequest.Body =
                    fault.method == .get ? .none : fault.chunks.map { .chunks($0) } ?? .bytes(ByteBuffer(string: "abc"))
                let request = UpstreamRequest(method: fault.method, url: server.url, body: body, limits: fault.limits)
                let clock = ContinuousClock()
                let start = clock.now
                #expect(await code { _ = try await upstream.send(request) } == fault.code)
                // Far above any limit of a row: only a hang comes near it.
                #expect(clock.now - start < .seconds(15))
                #expect(upstream.pool.idleCount == 0)
            }
        }
    }

    @Test(arguments: [("413 Payload Too Large", ""), ("401 Unauthorized", "connection: close\r\n"), ("500 Oops", "")])
    func `an early response is handed on and the producer stopped`(_ status: String, _ headers: String) async throws {
        try await RawServer.run(.response(status, headers, body: "too much", at: .bytes(50_000))) { server in
            try await withUpstream { upstream in
                let outcome = Mutex("")
                let body = UpstreamRequest.Body.stream(length: 1 << 40) { writer in
                    do {
                        while true { try await writer.write(ByteBuffer(repeating: 0, count: 65536)) }
                    } catch {
                        outcome.withLock { $0 = "\(error)" }
                        throw error
                    }
                }
                let response = try await upstream.send(UpstreamRequest(method: .post, url: server.url, body: body, limits: .stream))
                #expect(response.status.code == Int(status.prefix(3)))
                #expect(response.body == ByteBuffer(string: "too much"))
                #expect(outcome.withLock { $0 }.contains("answered before"))
                await server.until { $0.open == 0 }
            }
        }
    }

    @Test func `an early response reaches a caller whose producer stands still`() async throws {
        try await RawServer.run(.response("403 Forbidden", body: "no", at: .head)) { server in
            try await withUpstream { upstream in
                let body = UpstreamRequest.Body.stream(length: 10) { _ in
                    // Never writes: waits until it is cancelled.
                    try await BodyPipe().next().map { _ in }
                }
                let response = try await upstream.send(UpstreamRequest(method: .post, url: server.url, body: body, limits: .stream))
                #expect(response.status == .forbidden)
            }
        }
    }

    @Test func `the producer's own error comes back as it is, and the request never ends`() async throws {
        try await RawServer.run(.response("200 OK")) { server in
            try await withUpstream { upstream in
                let body = UpstreamRequest.Body.stream(length: nil) { writer in
                    try await writer.write(ByteBuffer(string: "abc"))
                    throw Boom()
                }
                let request = UpstreamRequest(method: .post, url: server.url, body: body)
                await #expect(throws: Boom.self) { try await upstream.withResponse(request) { $0.status } }
                #expect(await code { _ = try await upstream.send(request) } == .sourceFailed)
                await server.until { $0.open == 0 }
                #expect(server.record.requests.isEmpty)
            }
        }
    }

    @Test(arguments: [5, 20])
    func `a body of another length than announced aborts the request`(_ length: Int64) async throws {
        try await RawServer.run(.response("200 OK")) { server in
            try await withUpstream { upstream in
                let body = UpstreamRequest.Body.stream(length: length) { try await $0.write(ByteBuffer(string: "0123456789")) }
                await #expect(throws: BodyLengthMismatch.self) {
                    try await upstream.withResponse(UpstreamRequest(method: .post, url: server.url, body: body)) { $0.status }
                }
            }
        }
    }
}
