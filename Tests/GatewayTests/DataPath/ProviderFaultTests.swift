import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing
import TestSupport

@testable import Unified
@testable import Upstream

/// docs/wire.md#errors: the error for each misbehaviour of a provider, and that nothing is left of it.
@Suite(.serialized) struct ProviderFaultTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        var name: String
        var script: RawServer.Script
        /// Bytes of the file: past the look-ahead it streams.
        var bytes = 100
        var status: Int
        var code: String
        var testDescription: String { name }
    }

    static let limits: UnifiedService.Limits = {
        var limits = UnifiedService.Limits()
        limits.lookahead = 64 << 10
        limits.callTime = UpstreamLimits(total: .milliseconds(500), connect: .seconds(5))
        limits.streamTime = UpstreamLimits(connect: .seconds(5), idle: .milliseconds(500))
        return limits
    }()

    static let large = 4 << 20
    static let refusal = RawServer.Step.send(
        "HTTP/1.1 413 Payload Too Large\r\ncontent-length: 23\r\ncontent-type: application/json\r\n\r\n{\"message\":\"too large\"}")
    static let cut = RawServer.Step.send("HTTP/1.1 201 Created\r\ncontent-length: 99999\r\n\r\n{\"data\"")

    static let faults: [Fault] = [
        Fault(name: "a reset after the whole", script: .init(.request, .reset), status: 500, code: "outcome_unknown"),
        Fault(name: "a hang-up after the whole", script: .init(.request, .close), status: 500, code: "outcome_unknown"),
        Fault(name: "half-closed after the whole", script: .init(.request, .closeOutput), status: 500, code: "outcome_unknown"),
        Fault(name: "silence", script: .silence, status: 500, code: "outcome_unknown"),
        Fault(name: "half a response", script: .init(.request, cut, .close), status: 500, code: "outcome_unknown"),
        Fault(name: "a response that stops", script: .init(.request, cut), status: 500, code: "outcome_unknown"),
        Fault(name: "a response that drips", script: .init(.request, cut, .drip), status: 500, code: "outcome_unknown"),
        Fault(name: "garbage", script: .init(.request, .send("SSH-2.0\r\n\r\n")), status: 502, code: "bad_provider_response"),
        Fault(
            name: "no JSON", script: .response("200 OK", "content-type: text/html\r\n", body: "<html>"), status: 502,
            code: "bad_provider_response"),
        Fault(name: "an early refusal", script: .init(.head, refusal), status: 413, code: "remote_error"),
        Fault(name: "a reset at the first byte", script: .init(.head, .reset), bytes: large, status: 502, code: "provider_unreachable"),
        Fault(
            name: "a reset at byte 100,000", script: .init(.bytes(100_000), .reset), bytes: large, status: 502,
            code: "provider_unreachable"),
        Fault(
            name: "a hang-up at byte 1,000,000", script: .init(.bytes(1_000_000), .close), bytes: large, status: 502,
            code: "provider_unreachable"),
        Fault(
            name: "a reset after a streamed whole", script: .init(.request, .reset), bytes: large, status: 500,
            code: "outcome_unknown"),
        Fault(name: "silence after a streamed whole", script: .silence, bytes: 400_000, status: 500, code: "outcome_unknown"),
        Fault(name: "a stall", script: .init(.head, .stopReading), bytes: 16 << 20, status: 504, code: "provider_timeout"),
        Fault(
            name: "a refusal in mid-upload by one that stops reading", script: .init(.bytes(200_000), refusal, .stopReading),
            bytes: 16 << 20, status: 413, code: "remote_error"),
        Fault(name: "a refusal in mid-upload", script: .init(.bytes(200_000), refusal), bytes: large, status: 413, code: "remote_error"),
        Fault(
            name: "a refusal in mid-upload by one that hangs up", script: .init(.bytes(200_000), refusal, .closeOutput),
            bytes: large, status: 413, code: "remote_error"),
        Fault(
            name: "garbage in mid-upload", script: .init(.bytes(200_000), .send("\u{1}\u{2}\r\n\r\n")), bytes: large, status: 502,
            code: "bad_provider_response"),
    ]

    /// Nothing of a call is left once it is answered.
    private func expectNothingHeld(_ gateway: TestGateway) {
        #expect(gateway.unified.inFlight.inUse == 0)
        #expect(gateway.upstream.slots.counts == (0, 0))
    }

    private func meet(_ fault: Fault, _ gateway: TestGateway) async throws {
        let response = try await answerOverSocket(fault, gateway)
        #expect(response.hasPrefix("HTTP/1.1 \(fault.status) "), "\(fault.name): \(response)")
        #expect(response.contains("\"code\":\"\(fault.code)\""), "\(fault.name): \(response)")
        let isRemote = fault.code == "remote_error" || fault.code == "bad_provider_response"
        #expect(response.contains("\"truto_is_remote_error\":true") == isRemote, "\(fault.name)")
        expectNothingHeld(gateway)
    }

    @Test(arguments: faults)
    func `a fault of the provider has its response`(fault: Fault) async throws {
        try await RawServer.run(fault.script) { provider in
            try await TestGateway.run(limits: Self.limits, provider: provider.url, holes: ["127.0.0.1:\(provider.port)"]) { gateway in
                try await meet(fault, gateway)
                // A refusal may leave the connection in use; one that stopped reading does not see the end.
                if fault.status >= 500, !fault.name.contains("stall") { await provider.until { $0.open == 0 } }
            }
        }
    }

    /// The response to an upload by a client that reads while it writes: most libraries give up where a response overtakes
    /// their request.
    private func answerOverSocket(_ fault: Fault, _ gateway: TestGateway) async throws -> String {
        let client = try await RawClient(gateway)
        try await client.send(
            "POST /unified/ats/attachments?integrated_account_id=\(gateway.accountID)&file_name=a.txt HTTP/1.1\r\nhost: localhost\r\n"
                + "authorization: Bearer \(gateway.token)\r\ncontent-type: application/octet-stream\r\n"
                + "content-length: \(fault.bytes)\r\n\r\n")
        async let poured = try? client.pour(fault.bytes)
        let response = try await client.readUntil { $0.contains("\"request_id\"") }
        try await client.close()
        _ = await poured
        return response
    }

    @Test func `after hundreds of faults everything is as it was`() async throws {
        let quick = Self.faults.filter { $0.name.contains("reset") || $0.name.contains("hang-up") || $0.name.contains("garbage") }
        var seen = 0, expected = 0
        for fault in quick {
            let count = fault.bytes > 1 << 20 ? 8 : 40
            expected += count
            try await RawServer.run(fault.script) { provider in
                try await TestGateway.run(limits: Self.limits, provider: provider.url, holes: ["127.0.0.1:\(provider.port)"]) { gateway in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for _ in 0..<count { group.addTask { _ = try await answerOverSocket(fault, gateway) } }
                        try await group.waitForAll()
                    }
                    expectNothingHeld(gateway)
                    #expect(gateway.upstream.pool.idleCount == 0)
                    await provider.until { $0.open == 0 }
                    seen += provider.record.connections
                }
            }
        }
        #expect(seen >= expected)
    }

    @Test func `nobody listening is safe to repeat`() async throws {
        let port = try await RawServer.run(.silence) { $0.port }
        try await TestGateway.run(limits: Self.limits, provider: "http://127.0.0.1:\(port)", holes: ["127.0.0.1:\(port)"]) { gateway in
            let response = try await gateway.upload(Form(Form.resume))
            #expect(response.status == 502)
            #expect(response.json["code"] == "provider_unreachable")
        }
    }
}
