import Foundation
import Testing

@testable import Telemetry

/// What `deploy/` says of metrics, held to those that there are.
@Suite struct DeployTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    private func metrics(in text: String) -> Set<String> {
        Set(text.matches(of: /\b(?:attache|process)_[a-z_]+/).map { String($0.output) })
    }

    private static var known: Set<String> {
        Set(
            MetricName.all.flatMap { metric in
                metric.kind == .histogram ? ["_bucket", "_sum", "_count"].map { metric.name + $0 } : [metric.name]
            })
    }

    @Test(arguments: ["deploy/grafana-dashboard.json", "deploy/prometheus-alerts.yml", "docs/operations.md"])
    func `every metric that is named exists`(path: String) throws {
        // A page may name a histogram as such, and what ends in `_` is the start of a name.
        let known = Self.known.union(MetricName.all.map(\.name))
        let named = metrics(in: try text(path))
        #expect(named.isEmpty == false)
        #expect(named.subtracting(known).sorted() == [])
    }

    @Test func `the dashboard shows every metric but those that count the process's age`() throws {
        let shown = metrics(in: try text("deploy/grafana-dashboard.json"))
        let hidden = MetricName.all.filter { metric in !shown.contains { $0.hasPrefix(metric.name) } }
        #expect(hidden.map(\.name) == ["process_start_time_seconds"])
    }

    @Test func `every alert names a heading of the runbook`() throws {
        let alerts = try text("deploy/prometheus-alerts.yml")
        let anchors = alerts.matches(of: /runbook: docs\/operations.md#([a-z-]+)/).map { String($0.output.1) }
        let headings = try text("docs/operations.md").split(separator: "\n").filter { $0.hasPrefix("### ") }
            .map { $0.dropFirst(4).lowercased().replacing(" ", with: "-").replacing("'", with: "") }
        #expect(anchors.count == alerts.matches(of: /- alert:/).count && anchors.count > 5)
        #expect(Set(anchors).subtracting(headings).sorted() == [])
    }
}
