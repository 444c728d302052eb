import Synchronization
package import Tracing
import Upstream

/// A span under way. What it has gathered is handed on when it ends; where its trace is not sampled nothing is gathered.
package final class RecordingSpan: Span {
    private struct State {
        var record: SpanRecord
        var hasEnded = false
    }

    package let context: ServiceContext
    package let isRecording: Bool
    private let state: Mutex<State>
    private let queue: SpanQueue

    init(_ record: SpanRecord, context: ServiceContext, queue: SpanQueue) {
        self.context = context
        self.queue = queue
        isRecording = record.identity.isSampled
        state = Mutex(State(record: record))
    }

    package var operationName: String {
        get { state.withLock { $0.record.name } }
        set { change { $0.name = newValue } }
    }

    package var attributes: SpanAttributes {
        get { state.withLock { $0.record.attributes } }
        set { change { $0.attributes = newValue } }
    }

    package func setStatus(_ status: SpanStatus) { change { $0.isError = status.code == .error } }

    package func addEvent(_ event: SpanEvent) { change { $0.events.append(event) } }

    package func addLink(_ link: SpanLink) {
        guard let identity = link.context.traceContext else { return }
        change { $0.links.append(identity) }
    }

    /// By its type alone: a message may hold what a caller has sent.
    package func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        var attributes = attributes
        attributes["exception.type"] = String(describing: type(of: error))
        let event = SpanEvent(name: "exception", at: instant(), attributes: attributes)
        change {
            $0.events.append(event)
            $0.isError = true
        }
    }

    package func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        guard isRecording else { return }
        let now = instant().nanosecondsSinceEpoch
        let record: SpanRecord? = state.withLock { state in
            guard !state.hasEnded else { return nil }
            state.hasEnded = true
            state.record.end = now
            return state.record
        }
        if let record { queue.append(record) }
    }

    private func change(_ change: (inout SpanRecord) -> Void) {
        guard isRecording else { return }
        state.withLock { if !$0.hasEnded { change(&$0.record) } }
    }
}
