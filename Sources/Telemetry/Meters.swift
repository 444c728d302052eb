package import CoreMetrics

/// Records the gateway's metrics through swift-metrics, by their names.
package struct Meters: Sendable {
    private let factory: any MetricsFactory

    package init(_ factory: any MetricsFactory) { self.factory = factory }

    /// - Parameter labels: values, in the order of the metric's labels.
    package func count(_ metric: MetricName, _ labels: [String] = [], by amount: Int = 1) {
        factory.makeCounter(label: metric.name, dimensions: dimensions(metric, labels)).increment(by: Int64(amount))
    }

    package func set(_ metric: MetricName, _ labels: [String] = [], _ value: Double) {
        factory.makeMeter(label: metric.name, dimensions: dimensions(metric, labels)).set(value)
    }

    package func change(_ metric: MetricName, by amount: Double) {
        factory.makeMeter(label: metric.name, dimensions: []).increment(by: amount)
    }

    package func time(_ metric: MetricName, _ labels: [String] = [], _ duration: Duration) {
        factory.makeTimer(label: metric.name, dimensions: dimensions(metric, labels))
            .recordNanoseconds(Int64(duration / .nanoseconds(1)))
    }

    private func dimensions(_ metric: MetricName, _ values: [String]) -> [(String, String)] {
        Array(zip(metric.labels, values))
    }
}
