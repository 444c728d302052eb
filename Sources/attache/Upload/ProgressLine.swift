/// What a transfer's progress looks like at one moment.
struct ProgressLine {
    /// Where the transfer stands.
    enum Phase: Hashable {
        /// Bytes are being sent; the last ones went out that long ago.
        case sending(idle: Duration)
        /// All bytes are sent, and the gateway has been thinking for that long.
        case waiting(Duration)
        case done
    }

    var sent: Int
    /// Bytes; nil where the length is not known beforehand.
    var total: Int?
    var elapsed: Duration
    var phase = Phase.sending(idle: .zero)

    /// `[=====>    ]  45%  12.3 MB of 27.0 MB  8.1 MB/s  2 s left`
    var bar: String {
        guard let total, total > 0 else { return text }
        let width = 24
        let filled = min(width, sent * width / total)
        let head = filled < width ? ">" : ""
        let bar = String(repeating: "=", count: filled) + head
        return "[\(bar)\(String(repeating: " ", count: width - bar.count))] \(text)"
    }

    /// `45%  12.3 MB of 27.0 MB  8.1 MB/s  2 s left`
    var text: String {
        var parts: [String] = []
        if let total {
            parts.append("\(total == 0 ? 100 : sent * 100 / total)%")
            parts.append("\(Self.size(sent)) of \(Self.size(total))")
        } else {
            parts.append(Self.size(sent))
        }
        switch phase {
        // A rate and a time left would be those of bytes that no longer move.
        case .sending(let idle) where idle >= .seconds(2): parts.append("stalled for \(Self.passed(idle))")
        case .waiting(let time) where time >= .seconds(1): parts.append("waiting for the response  \(Self.passed(time))")
        default:
            if let rate {
                parts.append("\(Self.size(Int(rate)))/s")
                if let total, sent < total, rate > 0 { parts.append("\(Self.time(Double(total - sent) / rate)) left") }
            }
        }
        return parts.joined(separator: "  ")
    }

    /// Bytes a second, over the whole transfer; nil in its first tenth of a second, when it says nothing yet.
    private var rate: Double? {
        let seconds = elapsed / .seconds(1)
        return seconds >= 0.1 ? Double(sent) / seconds : nil
    }

    /// Bytes in decimal units: `999 B`, `1.5 kB`, `27.0 MB`.
    static func size(_ bytes: Int) -> String {
        guard bytes >= 1000 else { return "\(bytes) B" }
        var value = Double(bytes)
        var unit = -1
        while value >= 999.95, unit < 3 {
            value /= 1000
            unit += 1
        }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(["kB", "MB", "GB", "TB"][unit])"
    }

    /// Time that has passed, in whole seconds.
    private static func passed(_ duration: Duration) -> String { time(Double(duration.components.seconds)) }

    /// Seconds in words: `4 s`, `2 min 5 s`, `1 h 3 min`.
    static func time(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        return switch whole {
        case ..<60: "\(whole) s"
        case ..<3600: "\(whole / 60) min \(whole % 60) s"
        default: "\(whole / 3600) h \(whole % 3600 / 60) min"
        }
    }
}
