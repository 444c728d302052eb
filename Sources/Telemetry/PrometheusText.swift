/// Writes the text format that Prometheus reads, version 0.0.4.
struct PrometheusText {
    private(set) var text = ""

    mutating func begin(_ metric: MetricName) {
        text += "# HELP \(metric.name) \(metric.help)\n# TYPE \(metric.name) \(metric.kind.rawValue)\n"
    }

    mutating func add(_ series: Series) {
        let (metric, value) = (series.metric, series.snapshot)
        guard metric.kind == .histogram else { return line(metric.name, series.labels, Self.number(value.sum)) }
        var total = 0
        for (at, count) in value.buckets.enumerated() {
            total += count
            let bound = at < metric.buckets.count ? Self.number(metric.buckets[at]) : "+Inf"
            let labels = series.labels.isEmpty ? "" : series.labels + ","
            line(metric.name + "_bucket", labels + "le=\"\(bound)\"", String(total))
        }
        line(metric.name + "_sum", series.labels, Self.number(value.sum))
        line(metric.name + "_count", series.labels, String(value.count))
    }

    private mutating func line(_ name: String, _ labels: String, _ value: String) {
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
    }

    /// Whole numbers without a fraction; the rest as Swift writes it, which Prometheus reads.
    static func number(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? "\(value)"
    }

    /// A label's value: backslash, quote and line feed are escaped.
    static func escaped(_ value: String) -> String {
        var text = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }
}
