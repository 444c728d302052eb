package import Tracing
import Upstream

/// Makes spans, and puts those of sampled traces into a queue.
///
/// A trace that a caller has begun is sampled as the caller says (W3C Trace Context §3.2.2.5.1), any other by chance.
package struct OTLPTracer: Tracer {
    package typealias Span = RecordingSpan

    private let queue: SpanQueue
    private let share: Double

    /// - Parameter share: of the traces that begin here, from 0 to 1.
    package init(queue: SpanQueue, share: Double = 1) {
        self.queue = queue
        self.share = share
    }

    package func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> RecordingSpan {
        var context = context()
        let parent = context.traceContext
        let identity = TraceContext(
            traceID: parent?.traceID ?? Self.random() + Self.random(), parentID: Self.random(),
            isSampled: parent?.isSampled ?? (Double.random(in: 0..<1) < share))
        context.traceContext = identity
        let start = identity.isSampled ? instant().nanosecondsSinceEpoch : 0
        let record = SpanRecord(
            identity: identity, parentID: parent?.parentID, name: operationName, kind: kind, start: start, end: start,
            attributes: [:], events: [], links: [], isError: false)
        return RecordingSpan(record, context: context, queue: queue)
    }

    package func forceFlush() {}

    package func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let text = extractor.extract(key: "traceparent", from: carrier) else { return }
        context.traceContext = TraceContext(text)
    }

    package func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let identity = context.traceContext else { return }
        injector.inject(identity.text, forKey: "traceparent", into: &carrier)
    }

    /// 16 hexadecimal digits, not all 0.
    private static func random() -> String {
        let text = String(UInt64.random(in: 1 ... .max), radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
