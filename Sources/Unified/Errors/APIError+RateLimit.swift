extension APIError {
    /// A limit of the gateway's own is reached (docs/wire.md#errors).
    ///
    /// - Parameter limit: calls per window. `reset`: whole seconds, at least 1, after which one more is allowed.
    package static func rateLimited(_ message: String, limit: Int, reset: Int) -> APIError {
        var error = APIError(.rateLimited, message, hint: "Wait as long as Retry-After says")
            .insight("rate_limit_error", "The gateway allows no more calls for now")
        error.headers = Header.rateLimit(limit: limit, remaining: 0, reset: reset) + [Header("retry-after", String(reset))]
        return error
    }
}

extension APIError.Header {
    /// `RateLimit` as the IETF draft has it, and the three fields that older clients read.
    package static func rateLimit(limit: Int, remaining: Int, reset: Int) -> [Self] {
        [
            Self("ratelimit", "\"default\";r=\(remaining);t=\(reset)"), Self("ratelimit-limit", String(limit)),
            Self("ratelimit-remaining", String(remaining)), Self("ratelimit-reset", String(reset)),
        ]
    }
}
