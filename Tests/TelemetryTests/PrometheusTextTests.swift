import CoreMetrics
import Testing

@testable import Telemetry

/// Prometheus' text format 0.0.4.
@Suite struct PrometheusTextTests {
    @Test func `a counter has help, type and one line per series`() {
        let registry = PrometheusRegistry()
        let meters = Meters(registry)
        meters.count(.providerRetries, ["lever"], by: 2)
        meters.count(.providerRetries, ["ashby"])
        meters.count(.providerRetries, ["lever"])
        #expect(
            registry.text() == """
                # HELP attache_provider_retries_total Attempts after the first one.
                # TYPE attache_provider_retries_total counter
                attache_provider_retries_total{integration="ashby"} 1
                attache_provider_retries_total{integration="lever"} 3
                # HELP attache_metric_series_dropped_total Observations left out, as their metric had too many series.
                # TYPE attache_metric_series_dropped_total counter
                attache_metric_series_dropped_total 0

                """)
    }

    @Test func `a histogram's buckets are cumulative, and the last holds all`() {
        let registry = PrometheusRegistry()
        let meters = Meters(registry)
        for milliseconds in [0.4, 1, 2, 3000] { meters.time(.loopLag, [], .milliseconds(milliseconds)) }
        let lines = registry.text().split(separator: "\n").filter { $0.hasPrefix("attache_event_loop_lag_seconds") }
        #expect(
            lines.prefix(3) == [
                "attache_event_loop_lag_seconds_bucket{le=\"0.0005\"} 1",
                "attache_event_loop_lag_seconds_bucket{le=\"0.001\"} 2",
                "attache_event_loop_lag_seconds_bucket{le=\"0.0025\"} 3",
            ])
        #expect(
            lines.suffix(3) == [
                "attache_event_loop_lag_seconds_bucket{le=\"+Inf\"} 4", "attache_event_loop_lag_seconds_sum 3.0034",
                "attache_event_loop_lag_seconds_count 4",
            ])
    }

    @Test(arguments: [("a\"b", "a\\\"b"), ("a\\b", "a\\\\b"), ("a\nb", "a\\nb"), ("é", "é")])
    func `a label's value is escaped`(value: String, escaped: String) {
        let registry = PrometheusRegistry()
        Meters(registry).count(.providerRetries, [value])
        #expect(registry.text().contains("{integration=\"\(escaped)\"} 1\n"))
    }

    @Test func `a metric takes so many series and no more, and says so`() {
        let registry = PrometheusRegistry(seriesPerMetric: 2)
        let meters = Meters(registry)
        for name in ["a", "b", "c", "d", "a"] { meters.count(.providerRetries, [name]) }
        let text = registry.text()
        #expect(text.contains("{integration=\"a\"} 2\n") && !text.contains("\"c\""))
        #expect(text.contains("attache_metric_series_dropped_total 2\n"))
    }

    @Test func `an unknown metric is not kept`() {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "other", dimensions: []).increment(by: 1)
        #expect(!registry.text().contains("other"))
    }

    @Test func `a gauge goes up and down`() {
        let registry = PrometheusRegistry()
        let meters = Meters(registry)
        for amount in [1.0, 1, -1] { meters.change(.inFlight, by: amount) }
        #expect(registry.text().contains("attache_requests_in_flight 1\n"))
    }

    @Test func `names follow the conventions of Prometheus`() {
        for metric in MetricName.all {
            #expect(metric.name.hasPrefix("attache_") || metric.name.hasPrefix("process_"))
            #expect((metric.kind == .counter) == metric.name.hasSuffix("_total"))
            #expect(metric.buckets == metric.buckets.sorted() && metric.buckets.isEmpty == (metric.kind != .histogram))
        }
    }
}
