package import HTTPTypes
import Upstream

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
    fileprivate static let rateLimit = Self("ratelimit")!
    fileprivate static let rateLimitLimit = Self("ratelimit-limit")!
    fileprivate static let rateLimitRemaining = Self("ratelimit-remaining")!
    fileprivate static let rateLimitReset = Self("ratelimit-reset")!
}
