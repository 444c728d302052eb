import JSON
import Logging
import Synchronization
import Testing
import Tracing
import Upstream

@testable import Telemetry

/// Spans, their queue and their export, without a socket.
struct SpanTests {
    private struct Down: Error {}

    private func exporter(_ queue: SpanQueue, _ post: @escaping OTLPExporter.Post) -> OTLPExporter {
        OTLPExporter(
            queue: queue, version: "1", logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), post: post)
    }

    @Test func `the queue keeps its bound, and counts what finds no room`() {
        let queue = SpanQueue(limit: 3)
        let tracer = OTLPTracer(queue: queue)
        for number in 0..<5 { tracer.startSpan("\(number)", context: .topLevel).end() }
        #expect(queue.take(2).map(\.name) == ["0", "1"])
        #expect(queue.takeDropped() == 2 && queue.takeDropped() == 0)
        tracer.startSpan("5", context: .topLevel).end()
        #expect(queue.take(9).map(\.name) == ["2", "5"])
    }

    @Test func `a span ends once, and nothing changes it afterwards`() {
        let queue = SpanQueue()
        let span = OTLPTracer(queue: queue).startSpan("a", context: .topLevel)
        span.end()
        span.operationName = "b"
        span.end()
        #expect(queue.take(9).map(\.name) == ["a"])
    }

    @Test func `a span below another is of its trace`() throws {
        let queue = SpanQueue()
        let tracer = OTLPTracer(queue: queue)
        let outer = tracer.startSpan("outer", context: .topLevel)
        tracer.startSpan("inner", context: outer.context).end()
        outer.end()
        let spans = queue.take(9)
        #expect(spans[0].identity.traceID == spans[1].identity.traceID)
        #expect(spans[0].parentID == spans[1].identity.parentID && spans[1].parentID == nil)
    }

    @Test func `an error leaves its type alone`() {
        let queue = SpanQueue()
        let span = OTLPTracer(queue: queue).startSpan("a", context: .topLevel)
        span.recordError(Down())
        span.end()
        let text = OTLPDocument.of(queue.take(1), version: "1").text()
        #expect(text.contains(#""status":{"code":2}"#) && text.contains("exception.type") && text.contains("Down"))
    }

    @Test func `a receiver that is down loses batches, and the gateway nothing`() async {
        let queue = SpanQueue()
        let tracer = OTLPTracer(queue: queue)
        let isUp = Mutex(false)
        let received = Mutex(0)
        let exporter = exporter(queue) { document in
            guard isUp.withLock({ $0 }) else { throw Down() }
            let spans = try JSONValue.parse(document)["resourceSpans"]?.array?.first?["scopeSpans"]?.array?.first?["spans"]?.array
            received.withLock { $0 += spans?.count ?? 0 }
        }
        for _ in 0..<(OTLPExporter.batch + 10) { tracer.startSpan("a", context: .topLevel).end() }
        await exporter.finish()
        #expect(queue.take(9999).count == 10)
        isUp.withLock { $0 = true }
        for _ in 0..<(OTLPExporter.batch + 10) { tracer.startSpan("a", context: .topLevel).end() }
        await exporter.finish()
        #expect(received.withLock { $0 } == OTLPExporter.batch + 10)
    }
}
