import HTTPTypes
import Upstream

#if canImport(FoundationEssentials)
    import struct FoundationEssentials.Date
#else
    import struct Foundation.Date
#endif

/// A provider's rate-limit headers as every response of ours has them: `ratelimit-*`, and `retry-after` in whole seconds.
enum RateLimitFields {
    static func normalized(_ fields: HTTPFields) -> HTTPFields {
        // Most responses say nothing of limits.
        guard fields.contains(where: speaksOfLimits) else { return [:] }
        return normalized(fields, retryAfter: nil, now: Int64(Date().timeIntervalSince1970))
    }

    /// - Parameters:
    ///   - retryAfter: seconds that the definition's own rule gave; wins over the header where it is longer.
    ///   - now: in seconds since 1970.
    static func normalized(_ fields: HTTPFields, retryAfter: Double?, now: Int64) -> HTTPFields {
        guard retryAfter != nil || fields.contains(where: speaksOfLimits) else { return [:] }
        var normalized = RateLimit(fields, now: now).fields
        let stated = fields[.retryAfter].flatMap { RetryAfter.seconds($0, now: now) }
        let ruled = retryAfter.map { Int(min(max($0.rounded(.up), 1), Double(RetryAfter.longest))) }
        if let wait = [stated, ruled].compactMap(\.self).max() {
            normalized[.sentRetryAfter] = String(wait)
        }
        return normalized
    }

    /// Every field that `RateLimit` and `RetryAfter` read has `rate` or `retry` in its name.
    private static func speaksOfLimits(_ field: HTTPField) -> Bool {
        let name = field.name.canonicalName.utf8
        guard let at = name.firstIndex(of: UInt8(ascii: "r")) else { return false }
        return name[at...].starts(with: "rate".utf8) || name[at...].starts(with: "retry".utf8)
    }
}

extension HTTPField.Name {
    /// In the letters that are sent.
    fileprivate static let sentRetryAfter = Self("retry-after")!
}
