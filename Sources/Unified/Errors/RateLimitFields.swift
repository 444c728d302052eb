package import HTTPTypes
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
        guard fields.contains(where: speaksOfLimits) else { return HTTPFields() }
        return normalized(fields, retryAfter: nil, now: Int64(Date().timeIntervalSince1970))
    }

    /// - Parameters:
    ///   - retryAfter: seconds that the definition's own rule gave; wins over the header where it is longer.
    ///   - now: in seconds since 1970.
    static func normalized(_ fields: HTTPFields, retryAfter: Double?, now: Int64) -> HTTPFields {
        guard retryAfter != nil || fields.contains(where: speaksOfLimits) else { return HTTPFields() }
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

extension APIError {
    /// A limit of the gateway's own is reached (docs/wire.md#errors).
    ///
    /// - Parameter limit: calls per window. `reset`: whole seconds, at least 1, after which one more is allowed.
    package static func rateLimited(_ message: String, limit: Int, reset: Int) -> APIError {
        var error = APIError(.rateLimited, message, hint: "Wait as long as Retry-After says")
            .insight("rate_limit_error", "The gateway allows no more calls for now")
        error.headerFields = .rateLimit(limit: limit, remaining: 0, reset: reset)
        return error.header("retry-after", String(reset))
    }
}

extension HTTPFields {
    /// `RateLimit` as the IETF draft has it, and the three fields that older clients read.
    package static func rateLimit(limit: Int, remaining: Int, reset: Int) -> HTTPFields {
        [
            .rateLimit: "\"default\";r=\(remaining);t=\(reset)", .rateLimitLimit: String(limit),
            .rateLimitRemaining: String(remaining), .rateLimitReset: String(reset),
        ]
    }
}

extension HTTPField.Name {
    /// In the letters that are sent.
    fileprivate static let sentRetryAfter = Self("retry-after")!
    fileprivate static let rateLimit = Self("ratelimit")!
    fileprivate static let rateLimitLimit = Self("ratelimit-limit")!
    fileprivate static let rateLimitRemaining = Self("ratelimit-remaining")!
    fileprivate static let rateLimitReset = Self("ratelimit-reset")!
}
