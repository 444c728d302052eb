import CoreMetrics
import Synchronization

/// One line of a metric, or one histogram: the values of its labels, and what was observed.
///
/// The handler that swift-metrics calls, for every kind of metric.
final class Series: Sendable {
    struct Value: Sendable {
        /// A counter's or a gauge's value; a histogram's sum.
        var sum = 0.0
        var count = 0
        /// Per bucket, not cumulated; the last is the infinite one.
        var buckets: [Int] = []
    }

    let metric: MetricName
    let labels: String
    private let value: Mutex<Value>

    init(_ metric: MetricName, labels: String) {
        self.metric = metric
        self.labels = labels
        var value = Value()
        if metric.kind == .histogram { value.buckets = Array(repeating: 0, count: metric.buckets.count + 1) }
        self.value = Mutex(value)
    }

    var snapshot: Value { value.withLock { $0 } }

    func add(_ amount: Double) { value.withLock { $0.sum += amount } }

    func put(_ amount: Double) { value.withLock { $0.sum = amount } }

    func observe(_ amount: Double) {
        let bucket = metric.buckets.firstIndex { amount <= $0 } ?? metric.buckets.count
        value.withLock { value in
            value.sum += amount
            value.count += 1
            if !value.buckets.isEmpty { value.buckets[bucket] += 1 }
        }
    }
}

extension Series: CounterHandler, FloatingPointCounterHandler {
    func increment(by amount: Int64) { add(Double(amount)) }
    func increment(by amount: Double) { add(amount) }
    func reset() { put(0) }
}

extension Series: MeterHandler, RecorderHandler {
    func set(_ value: Int64) { put(Double(value)) }
    func set(_ value: Double) { put(value) }
    func decrement(by amount: Double) { add(-amount) }
    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) { metric.kind == .histogram ? observe(value) : put(value) }
}

extension Series: TimerHandler {
    func recordNanoseconds(_ duration: Int64) { observe(Double(duration) / 1e9) }
}
