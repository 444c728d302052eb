import Catalog
import JSON
import Logging
import NIOHTTP1
import Telemetry
import Testing
import Upstream

@testable import Gateway

/// Traces as a receiver gets them, from a gateway and its provider over real sockets.
@Suite struct TraceTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let caller = "00f067aa0ba902b7"
    private let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// The spans of a receiver's documents, by name.
    private func spans(_ receiver: EventReceiver) -> [JSONValue] {
        receiver.events.flatMap { event in
            event.json["resourceSpans"]?.array?.first?["scopeSpans"]?.array?.first?["spans"]?.array ?? []
        }
    }

    private func attribute(_ span: JSONValue, _ key: String) -> JSONValue? {
        let value = span["attributes"]?.array?.first { $0["key"]?.string == key }?["value"]
        return value?["stringValue"] ?? value?["intValue"]
    }

    /// What a receiver and a provider got of one list call.
    private struct Received: Sendable {
        var spans: [JSONValue] = []
        /// Values of `traceparent` that reached the provider.
        var propagated: [String] = []
        /// The caller's token.
        var token = ""
    }

    /// Runs a gateway that exports to a receiver, and makes one list call.
    private func traced(traceparent: String?, hosts: [String] = [], share: Double = 1) async throws -> Received {
        let isSampled = traceparent.flatMap { TraceContext($0) }?.isSampled ?? (share > 0)
        var received = Received()
        try await EventReceiver.run { receiver, port in
            let queue = SpanQueue()
            let tracer = OTLPTracer(queue: queue, share: share)
            let patterns = hosts.map(HostPattern.init)
            let export = try TraceExport(endpoint: "http://127.0.0.1:\(port)/v1/traces", queue: queue, logger: logger)
            try await TestGateway.run(tracing: CallTracing(tracer: tracer) { host in patterns.contains { $0.matches(host) } }) { gateway in
                let path = "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&candidate_id=\(TestGateway.opportunity)"
                let response = try await gateway.call(.GET, path, headers: traceparent.map { [("traceparent", $0)] } ?? [])
                #expect(response.status == 200)
                // A request's span ends behind its response.
                repeat { await export.flush() } while isSampled && !spans(receiver).contains { $0["kind"]?.int == 2 }
                received.token = gateway.token
                received.propagated = try await gateway.received().compactMap { $0["headers"]?["traceparent"]?.string }
            }
            received.spans = spans(receiver)
            #expect(receiver.events.allSatisfy { $0.field("content-type") == "application/json" })
        }
        return received
    }

    @Test func `a call is a span of its caller's trace, and its steps are spans below`() async throws {
        let received = try await traced(traceparent: "00-\(Self.trace)-\(Self.caller)-01")
        let request = try #require(received.spans.first { $0["kind"]?.int == 2 })
        #expect(request["traceId"]?.string == Self.trace && request["parentSpanId"]?.string == Self.caller)
        #expect(request["name"]?.string == "GET /unified/{model}/{resource}")
        #expect(attribute(request, "attache.resource")?.string == "ats/attachments")
        #expect(attribute(request, "http.response.status_code")?.string == "200")
        let steps = received.spans.filter { $0["parentSpanId"] == request["spanId"] }
        #expect(Set(steps.compactMap { $0["name"]?.string }) == ["provider GET", "mapping"])
        let call = try #require(steps.first { $0["kind"]?.int == 3 })
        #expect(attribute(call, "http.response.status_code")?.string == "200")
        #expect(received.spans.allSatisfy { $0["traceId"]?.string == Self.trace })
        for span in received.spans {
            let start = try #require(UInt64(span["startTimeUnixNano"]?.string ?? ""))
            let end = try #require(UInt64(span["endTimeUnixNano"]?.string ?? ""))
            #expect(start > 0 && start <= end)
            #expect(!span.text().contains(received.token) && !span.text().contains(TestGateway.opportunity))
        }
    }

    @Test(arguments: [nil, "00-\(trace)-\(caller)-01", "junk"], [([], false), (["api.test"], false), (["127.0.0.1"], true)])
    func `traceparent goes out only to the hosts that the operator lists`(
        traceparent: String?, hosts: ([String], isSent: Bool)
    ) async throws {
        let received = try await traced(traceparent: traceparent, hosts: hosts.0)
        let calls = received.spans.filter { $0["kind"]?.int == 3 }
        let expected = calls.map { "00-\($0["traceId"]?.string ?? "")-\($0["spanId"]?.string ?? "")-01" }
        #expect(!calls.isEmpty)
        #expect(Set(received.propagated) == (hosts.isSent ? Set(expected) : []))
    }

    @Test(arguments: [("00-\(trace)-\(caller)-00", 1.0, false), (nil, 0.0, false), ("00-\(trace)-\(caller)-01", 0.0, true)])
    func `the caller says whether its trace is sampled, and chance does for others`(
        traceparent: String?, share: Double, isSampled: Bool
    ) async throws {
        let received = try await traced(traceparent: traceparent, share: share)
        #expect(received.spans.isEmpty == !isSampled)
    }
}
