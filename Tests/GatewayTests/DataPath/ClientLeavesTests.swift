import NIOCore
import TestSupport
import Testing
import Unified

@testable import Gateway
@testable import Upstream

/// A provider's call without a client: reads end, and an upload that can never be whole.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ClientLeavesTests {
    /// Ways in which a client goes.
    enum Way: String, CaseIterable, Sendable {
        case resetStream, closeHTTP2, closeHTTP1, endInput
    }

    /// A gateway that does not wait: none of the provider's limits of time is shorter than the test.
    private static var configuration: GatewayConfiguration {
        var configuration = GatewayConfiguration()
        configuration.endedInputSeconds = 0
        return configuration
    }

    private static var limits: UnifiedService.Limits {
        var limits = UnifiedService.Limits()
        limits.lookahead = 1000
        let long = UpstreamLimits(total: nil, idle: .seconds(3600))
        (limits.callTime, limits.streamTime, limits.downloadTime) = (long, long, long)
        return limits
    }

    private static func freed(_ gateway: TestGateway, _ provider: RawServer) async {
        await provider.until { $0.open == 0 }
        while gateway.upstream.slots.counts.taken > 0 { await Task.yield() }
    }

    /// Paths of calls that only read: a list, a record, one with references, one that streams.
    private static let reads = [
        ("attachments", "candidate_id=\(TestGateway.opportunity)"), ("candidates/\(TestGateway.opportunity)", ""),
        ("applications", "truto_expand=job"), ("candidates", "truto_response_format=stream"),
    ]

    @Test(arguments: Way.allCases, reads) func `a read ends with its client`(way: Way, read: (String, String)) async throws {
        try await RawServer.run(.silence) { provider in
            try await TestGateway.runHTTP2OrOne(way, Self.limits, Self.configuration, provider) { gateway in
                let path = gateway.path(read.0, read.1)
                switch way {
                case .resetStream, .closeHTTP2:
                    let client = try await HTTP2Client(gateway)
                    let exchange = try await client.open()
                    try await exchange.send(gateway.fields("GET", path))
                    await provider.until { $0.bytes > 100 }
                    if way == .resetStream { try await exchange.reset() } else { try await client.close() }
                    await Self.freed(gateway, provider)
                    if way == .resetStream { #expect(try await gateway.get(client, "/ping").status == 200) }
                    try await client.close()
                case .closeHTTP1, .endInput:
                    let client = try await RawClient(gateway)
                    try await client.send("GET \(path) HTTP/1.1\r\nhost: a\r\nauthorization: Bearer \(gateway.token)\r\n\r\n")
                    await provider.until { $0.bytes > 100 }
                    if way == .closeHTTP1 { try await client.close() } else { try await client.closeOutput() }
                    await Self.freed(gateway, provider)
                    if way == .endInput { #expect(try await client.readAll().isEmpty) }
                }
            }
        }
    }

    @Test func `a client that has ended its side reads its list`() async throws {
        try await RawServer.run(.response("200 OK", "content-type: application/json\r\n", body: "{\"data\":[]}")) { provider in
            try await TestGateway.run(provider: provider.url, holes: ["127.0.0.1:\(provider.port)"]) { gateway in
                let client = try await RawClient(gateway)
                let path = gateway.path("attachments", "candidate_id=\(TestGateway.opportunity)")
                try await client.send("GET \(path) HTTP/1.1\r\nhost: a\r\nauthorization: Bearer \(gateway.token)\r\n\r\n")
                try await client.closeOutput()
                #expect(try await client.readAll().hasPrefix("HTTP/1.1 200 "))
            }
        }
    }

    /// The provider reads the head and nothing more, so that the file is stuck half-way.
    @Test(arguments: Way.allCases) func `an upload that is cut off ends though its provider reads nothing`(way: Way) async throws {
        try await RawServer.run(.init(.head, .stopReading)) { provider in
            try await TestGateway.runHTTP2OrOne(way, Self.limits, Self.configuration, provider) { gateway in
                let length = 64 << 20
                switch way {
                case .resetStream, .closeHTTP2:
                    let client = try await HTTP2Client(gateway)
                    let exchange = try await client.open()
                    try await exchange.send(gateway.uploadFields(length: length), ends: false)
                    _ = try await exchange.pour(length / 2)
                    if way == .resetStream { try await exchange.reset() } else { try await client.close() }
                    while gateway.upstream.slots.counts.taken > 0 { await Task.yield() }
                    try await client.close()
                case .closeHTTP1, .endInput:
                    let client = try await RawClient(gateway)
                    try await client.send(
                        "POST \(gateway.path("attachments", "file_name=a.txt")) HTTP/1.1\r\nhost: a\r\n"
                            + "authorization: Bearer \(gateway.token)\r\ncontent-type: application/octet-stream\r\n"
                            + "content-length: \(length)\r\n\r\n")
                    _ = try await client.pour(length / 2)
                    try await client.close()
                    while gateway.upstream.slots.counts.taken > 0 { await Task.yield() }
                }
            }
        }
    }

    /// Its outcome would not be known otherwise.
    @Test func `a write that came whole goes on without its client`() async throws {
        try await RawServer.run(.silence) { provider in
            try await TestGateway.runHTTP2(limits: Self.limits, configuration: Self.configuration, provider: provider) { gateway in
                let client = try await HTTP2Client(gateway)
                let exchange = try await client.open()
                try await exchange.send(gateway.uploadFields(length: 5), ends: false)
                try await exchange.send(ByteBuffer(string: "hello"), ends: true)
                await provider.until { $0.bytes > 100 }
                try await exchange.reset()
                #expect(try await gateway.get(client, "/ping").status == 200)
                #expect(gateway.upstream.slots.counts.taken == 1 && provider.record.open == 1)
                try await client.close()
            }
        }
    }
}

extension TestGateway {
    /// A gateway that speaks what the client of a test does.
    fileprivate static func runHTTP2OrOne(
        _ way: ClientLeavesTests.Way, _ limits: UnifiedService.Limits, _ configuration: GatewayConfiguration, _ provider: RawServer,
        _ body: (TestGateway) async throws -> Void
    ) async throws {
        switch way {
        case .resetStream, .closeHTTP2: try await runHTTP2(limits: limits, configuration: configuration, provider: provider, body)
        case .closeHTTP1, .endInput:
            try await run(
                limits: limits, configuration: configuration, provider: provider.url, holes: ["127.0.0.1:\(provider.port)"], body)
        }
    }
}
