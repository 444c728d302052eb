import HTTPTypes
import Upstream

#if canImport(FoundationEssentials)
    import struct FoundationEssentials.Date
#else
    import struct Foundation.Date
#endif

/// A provider's rate-limit headers as every response of ours has them: `ratelimit-*`, and `retry-after` in whole seconds.
enum RateLimitFields {
    /// - Parameter retryAfter: seconds that the definition's own rule gave; wins over the header where it is longer.
    static func normalized(
        _ headers: [(name: String, value: String)], retryAfter: Double?
    ) -> [(name: String, value: String)] {
        // Most responses say nothing of limits.
        guard retryAfter != nil || headers.contains(where: { speaksOfLimits($0.name) }) else { return [] }
        let now = Int64(Date().timeIntervalSince1970)
        var fields = HTTPFields()
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        var normalized = RateLimit(fields, now: now).fields.map { (name: $0.name.canonicalName, value: $0.value) }
        let stated = fields[.retryAfter].flatMap { RetryAfter.seconds($0, now: now) }
        let ruled = retryAfter.map { Int(min(max($0.rounded(.up), 1), Double(RetryAfter.longest))) }
        if let wait = [stated, ruled].compactMap(\.self).max() {
            normalized.append((name: "retry-after", value: String(wait)))
        }
        return normalized
    }

    /// Every field that `RateLimit` and `RetryAfter` read has `rate` or `retry` in its name.
    private static func speaksOfLimits(_ name: String) -> Bool {
        let name = name.utf8
        guard let at = name.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "r") }) else { return false }
        let rest = name[at...].lazy.map { $0 | 0x20 }
        return rest.starts(with: "rate".utf8) || rest.starts(with: "retry".utf8)
    }
}
