/// Which header fields a `response_header_mapping` may set.
///
/// Those that say how a browser or a proxy treats the response are the gateway's own: a mapping that could set
/// `Set-Cookie`, `Content-Type` or `Access-Control-Allow-Origin` would speak for the gateway's origin.
enum ResponseHeaderRules {
    private static let allowed: Set<String> = [
        "content-language", "deprecation", "etag", "last-modified", "link", "ratelimit", "ratelimit-limit",
        "ratelimit-policy", "ratelimit-remaining", "ratelimit-reset", "retry-after", "sunset",
    ]

    /// Of the fields that begin with `x-`, those that browsers and proxies act on.
    private static let actedOn = [
        "x-content-", "x-frame-", "x-xss-", "x-request-id", "x-forwarded-", "x-real-ip", "x-accel-", "x-sendfile",
        "x-download-", "x-permitted-", "x-dns-", "x-ua-", "x-robots-", "x-powered-by", "x-http-method", "x-sourcemap",
        "x-original-", "x-rewrite-", "x-webkit-", "x-proxy-",
    ]

    static func allows(_ name: String) -> Bool {
        let name = name.lowercased()
        if allowed.contains(name) { return true }
        return name.hasPrefix("x-") && !actedOn.contains { name.hasPrefix($0) }
    }
}
