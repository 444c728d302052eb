package import CoreMetrics
import Synchronization

/// Keeps what is recorded through swift-metrics, and renders it for Prometheus (text format 0.0.4).
///
/// Takes the metrics of `MetricName` alone, and of each at most so many series, so that no caller can make memory grow.
package final class PrometheusRegistry: MetricsFactory {
    private struct Key: Hashable {
        var name: String
        var labels: [String]
    }

    private struct State {
        var series: [Key: Series] = [:]
        var counts: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let seriesPerMetric: Int
    /// Takes what is not kept.
    private let sink = Series(MetricName("", .counter, ""), labels: "")
    private let overflow = Series(.seriesDropped, labels: "")

    package init(seriesPerMetric: Int = 2000) { self.seriesPerMetric = seriesPerMetric }

    private func find(_ label: String, _ dimensions: [(String, String)]) -> Series {
        guard let metric = MetricName.byName[label] else { return sink }
        let key = Key(name: label, labels: dimensions.map(\.1))
        return state.withLock { state in
            if let known = state.series[key] { return known }
            let count = state.counts[label, default: 0]
            guard count < seriesPerMetric else {
                overflow.add(1)
                return sink
            }
            let made = Series(metric, labels: Self.text(dimensions))
            state.series[key] = made
            state.counts[label] = count + 1
            return made
        }
    }

    private static func text(_ dimensions: [(String, String)]) -> String {
        dimensions.map { "\($0.0)=\"\(PrometheusText.escaped($0.1))\"" }.joined(separator: ",")
    }

    /// Everything known, metric by metric in the order of `MetricName.all`.
    package func text() -> String {
        let known = state.withLock { Array($0.series.values) } + [overflow]
        let byName = Dictionary(grouping: known, by: \.metric.name)
        var text = PrometheusText()
        for metric in MetricName.all {
            guard let series = byName[metric.name] else { continue }
            text.begin(metric)
            for one in series.sorted(by: { $0.labels < $1.labels }) { text.add(one) }
        }
        return text.text
    }

    // MARK: What swift-metrics asks for

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        find(label, dimensions)
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler { find(label, dimensions) }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler { find(label, dimensions) }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler { find(label, dimensions) }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { find(label, dimensions) }

    // A series stays once it is there: Prometheus takes one that is missing for a restart.
    package func destroyCounter(_: any CounterHandler) {}
    package func destroyFloatingPointCounter(_: any FloatingPointCounterHandler) {}
    package func destroyMeter(_: any MeterHandler) {}
    package func destroyRecorder(_: any RecorderHandler) {}
    package func destroyTimer(_: any TimerHandler) {}
}
