import JSON

/// A length of time as people write it: `90s`, `15m`, `1h`, `7d`, or a whole number of seconds.
enum Lifetime {
    private static let units: [(suffix: String, seconds: Int)] = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]

    /// Seconds, at least 1; nil where the value is no length of time.
    static func seconds(_ value: JSONValue) -> Int? {
        if let number = value.int { return number > 0 ? number : nil }
        guard let text = value.string, let unit = units.first(where: { text.hasSuffix($0.suffix) }),
            let number = Int(text.dropLast()), number > 0
        else { return nil }
        let (seconds, overflow) = number.multipliedReportingOverflow(by: unit.seconds)
        return overflow ? nil : seconds
    }
}
