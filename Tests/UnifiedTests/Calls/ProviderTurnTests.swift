import HTTPTypes
import JSON
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import Unified
@testable import Upstream

/// What a definition says that its provider allows, kept to before anything is sent.
struct `The turn of a call` {
    private static func vendor(_ limits: String) -> TestVendor {
        TestVendor(
            head: "rate_limit: {limits: [\(limits)]}",
            calls: """
                  things:
                    get: {path: "/things/{{id}}"}
                    count: {path: /count}
                """,
            mapping: """
                  things: {get: {response_mapping: '{"id": response.id}'}, count: {response_mapping: '{"size": 1}'}}
                """)
    }

    private static func run(_ limits: String, _ body: (TestService) async throws -> Void) async throws {
        try await TestService.run(vendor(limits)) { _, _ in
            .json(#"{"id":1}"#)
        } _: {
            try await body($0)
        }
    }

    @Test func `comes while the provider allows more, and is refused then before anything is sent`() async throws {
        try await Self.run("{requests: 2, seconds: 3600, burst: 2}") { service in
            for _ in 0..<2 { _ = try await service.reply("get", id: "1") }
            let announced = Counter()
            var call = try service.unifiedCall("get", id: "1")
            call.willSend = { announced.add() }
            let error = await service.error(call)
            #expect(error?.code == .rateLimited && error?.status == 429 && error?.remote == nil)
            #expect(error?.message == "Vendor allows 2 calls in 3600 seconds, and more are waiting already")
            #expect(error?.headerFields[.retryAfter] == "1800")
            #expect(error?.headerFields.contains { $0.name.canonicalName == "ratelimit-limit" && $0.value == "2" } == true)
            #expect(service.provider.lines.count == 2 && announced.count == 0)
        }
    }

    @Test func `is an account's own`() async throws {
        try await Self.run("{requests: 1, seconds: 3600, burst: 1}") { service in
            _ = try await service.reply("get", id: "1")
            let other = CallAccount(
                id: "a2", environmentID: "e1", integration: "vendor", authenticationMethod: "api_key", context: ["api_key": "another"])
            _ = try await service.reply(service.unifiedCall("get", id: "1", account: other))
            let error = try await service.error("get", id: "1")
            #expect(error?.code == .rateLimited)
        }
    }

    @Test func `counts for the calls that a limit names alone`() async throws {
        try await Self.run("{requests: 1, seconds: 3600, burst: 1, calls: [things.get]}") { service in
            _ = try await service.reply("get", id: "1")
            let error = try await service.error("get", id: "1")
            #expect(error?.code == .rateLimited)
            for _ in 0..<3 { _ = try await service.reply("count") }
        }
    }

    @Test func `is not counted under one limit where another refuses it`() async throws {
        let limits = "{requests: 2, seconds: 3600, burst: 2}, {requests: 1, seconds: 3600, burst: 1, calls: [things.get]}"
        try await Self.run(limits) { service in
            _ = try await service.reply("get", id: "1")
            for _ in 0..<3 {
                let error = try await service.error("get", id: "1")
                #expect(error?.code == .rateLimited)
            }
            _ = try await service.reply("count")
            #expect(service.provider.lines == ["GET /things/1", "GET /count"])
        }
    }

    @Test func `is one of so many at a time, and free again when a call has ended, however that was`() async throws {
        let seen = Mutex(0)
        try await TestService.run(Self.vendor("{concurrent: 1}")) { request, _ in
            seen.withLock { $0 += 1 }
            return request.target.hasSuffix("broken") ? .json("{}", status: 500) : .json(#"{"id":1}"#)
        } _: { service in
            _ = try await service.reply("get", id: "1")
            _ = try await service.error("get", id: "broken")
            _ = try await service.reply("get", id: "1")
            // A call that is under way: its response is being read.
            let call = try service.unifiedCall("get", id: "1", query: "truto_response_format=stream")
            try await service.unified.perform(call) { _ in
                let error = try await service.error("get", id: "1")
                #expect(error?.code == .rateLimited && error?.headerFields[.retryAfter] == "1")
                #expect(error?.message == "Vendor allows one call at a time, and more are waiting already")
            }
            _ = try await service.reply("get", id: "1")
        }
    }

    // MARK: Room

    @Test func `needs room for its body, which is asked for before a byte of it is read`() async throws {
        var limits = UnifiedService.Limits()
        limits.maxInFlightBytes = 1000
        try await TestService.run(Self.vendor(""), limits: limits) { _, _ in
            .json("{}")
        } _: { service in
            let body = InboundBody.arriving(["{}"], type: "application/json", length: 1 << 20)
            let error = try await service.error("get", id: "1", body: body)
            #expect(error == .overloaded)
            #expect(service.unified.inFlight.inUse == 0)
        }
    }

    @Test func `needs room for what it reads, and gives it back`() async throws {
        var limits = UnifiedService.Limits()
        limits.maxInFlightBytes = 300_000
        let long = MemoryProvider.Response(body: [#"{"id":""# + String(repeating: "x", count: 200_000) + #""}"#])
        try await TestService.run(Self.vendor(""), limits: limits) { _, _ in
            long
        } _: { service in
            let error = try await service.error("get", id: "1")
            #expect(error?.code == .overloaded)
            #expect(service.unified.inFlight.inUse == 0)
        }
        limits.maxInFlightBytes = 500_000
        try await TestService.run(Self.vendor(""), limits: limits) { _, _ in
            long
        } _: { service in
            for _ in 0..<3 { _ = try await service.reply("get", id: "1") }
            #expect(service.unified.inFlight.inUse == 0)
        }
    }

    @Test func `reads in small pieces where there is little room left`() async throws {
        var limits = UnifiedService.Limits()
        limits.maxInFlightBytes = 2 << 20
        try await TestService.run(Self.vendor(""), limits: limits) { _, _ in
            .json(#"{"id":1}"#)
        } _: { service in
            let asked = Counter()
            var body = InboundBody.arriving(["{}"], type: "application/json")
            body.useSmallReads = { asked.add() }
            _ = try await service.reply("get", id: "1", body: body)
            #expect(asked.count == 1)
        }
    }
}

/// The bytes of the responses that one call holds.
struct `Responses that are held` {
    @Test func `count twice, and are given back with the call`() throws {
        let all = InFlightBytes(limit: 1000)
        do {
            let held = HeldResponses(all)
            try held.hold(100, mayRefuse: true)
            try held.hold(50, mayRefuse: true)
            #expect(all.inUse == 300)
        }
        #expect(all.inUse == 0)
    }

    @Test func `are refused without room, unless the call has changed something`() throws {
        let all = InFlightBytes(limit: 1000)
        do {
            let held = HeldResponses(all)
            #expect(throws: APIError.overloaded) { try held.hold(501, mayRefuse: true) }
            #expect(all.inUse == 0)
            try held.hold(500, mayRefuse: true)
            #expect(throws: APIError.overloaded) { try held.hold(1, mayRefuse: true) }
            try held.hold(600, mayRefuse: false)
            #expect(all.inUse == 2200, "it counts all the same")
        }
        #expect(all.inUse == 0)
    }
}
