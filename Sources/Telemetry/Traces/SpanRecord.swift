package import Tracing
package import Upstream

/// A span that has ended.
package struct SpanRecord: Sendable {
    /// Names the trace and this very span.
    package var identity: TraceContext
    /// The span that it is a part of; nil for a trace's first.
    package var parentID: String?
    package var name: String
    package var kind: SpanKind
    /// Nanoseconds since 1970.
    package var start: UInt64
    package var end: UInt64
    package var attributes: SpanAttributes
    package var events: [SpanEvent]
    package var links: [TraceContext]
    package var isError: Bool
}

extension ServiceContext {
    /// The span that is under way; nil outside every trace.
    package internal(set) var traceContext: TraceContext? {
        get { self[TraceIdentityKey.self] }
        set { self[TraceIdentityKey.self] = newValue }
    }
}

private enum TraceIdentityKey: ServiceContextKey {
    typealias Value = TraceContext
    static var nameOverride: String? { "trace-identity" }
}
