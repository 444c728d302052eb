package import HTTPTypes

/// What a provider says of its rate limit, in one form whatever its spelling.
package struct RateLimit: Sendable, Hashable {
    /// Requests per window.
    package var limit: Int?
    /// Requests left in the window.
    package var remaining: Int?
    /// Whole seconds until the window starts anew, at least 1.
    package var reset: Int?

    package init(limit: Int? = nil, remaining: Int? = nil, reset: Int? = nil) {
        self.limit = limit
        self.remaining = remaining
        self.reset = reset
    }

    /// Reads the common vendor fields, or the `RateLimit` and `RateLimit-Policy` fields of the IETF drafts.
    ///
    /// Of several limits in one field the first counts. A reset may be seconds, a moment as Unix seconds or
    /// milliseconds, or an HTTP date.
    /// - Parameter now: seconds since 1970.
    package init(_ fields: HTTPFields, now: Int64) {
        limit = Self.first(fields, "limit").flatMap(Self.count)
        remaining = Self.first(fields, "remaining").flatMap(Self.count)
        reset = Self.first(fields, "reset").flatMap { Self.reset($0, now: now) }

        let draft = Self.parameters(fields, "ratelimit")
        let policy = Self.parameters(fields, "ratelimit-policy")
        limit = limit ?? (draft["limit"] ?? policy["q"]).flatMap(Self.count)
        remaining = remaining ?? (draft["remaining"] ?? draft["r"]).flatMap(Self.count)
        reset = reset ?? (draft["reset"] ?? draft["t"]).flatMap { Self.reset($0, now: now) }
    }

    /// `ratelimit-limit`, `-remaining` and `-reset`, as far as known.
    package var fields: HTTPFields {
        var fields = HTTPFields()
        for (suffix, value) in [("limit", limit), ("remaining", remaining), ("reset", reset)] {
            if let value, let name = HTTPField.Name("ratelimit-\(suffix)") { fields[name] = String(value) }
        }
        return fields
    }

    private static func first(_ fields: HTTPFields, _ suffix: String) -> String? {
        for prefix in ["ratelimit", "x-ratelimit", "x-rate-limit", "rate-limit"] {
            if let name = HTTPField.Name("\(prefix)-\(suffix)"), let value = fields[values: name].first { return value }
        }
        return nil
    }

    /// The leading number of `100`, `100, 100;w=60` or `100;w=60`.
    private static func count(_ text: String) -> Int? {
        let text = text.trimmed
        let digits = text.utf8.prefix(while: \.isDigit)
        let rest = text.utf8.dropFirst(digits.count).first
        guard rest == nil || rest == UInt8(ascii: ",") || rest == UInt8(ascii: ";") || rest == UInt8(ascii: ".") else {
            return nil
        }
        return Int(String(decoding: digits, as: UTF8.self))
    }

    private static func reset(_ text: String, now: Int64) -> Int? {
        let text = text.trimmed
        guard let number = Double(decimal: text) else { return RetryAfter.seconds(text, now: now) }
        // No window is decades long: numbers of that size are moments.
        switch number {
        case 100_000_000_000...: return RetryAfter.bounded(number / 1000 - Double(now))
        case 1_000_000_000...: return RetryAfter.bounded(number - Double(now))
        default: return RetryAfter.bounded(number)
        }
    }

    /// The parameters of the first item: `"default";r=5;t=30`, or of old drafts `limit=10, remaining=5, reset=30`.
    private static func parameters(_ fields: HTTPFields, _ name: String) -> [String: String] {
        guard let name = HTTPField.Name(name), let value = fields[values: name].first else { return [:] }
        var found: [String: String] = [:]
        for part in value.split(whereSeparator: { $0 == ";" || $0 == "," }) {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { continue }
            let key = String(pair[0]).trimmed
            if found[key] == nil { found[key] = String(pair[1]).trimmed }
        }
        return found
    }
}
