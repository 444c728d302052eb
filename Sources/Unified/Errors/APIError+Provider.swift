import Catalog
import HTTPTypes
import JSON
import Upstream

#if canImport(FoundationEssentials)
    import struct FoundationEssentials.Date
#else
    import struct Foundation.Date
#endif

extension ProviderFailure {
    /// Seconds to wait by the definition's expressions, of two the longer; nil where they say nothing.
    ///
    /// - Parameter now: in seconds since 1970.
    func wait(at now: Double) -> Double? {
        [retryAfter, resetAt.map { $0 - now }].compactMap(\.self).filter { $0 > 0 }.max()
    }
}

extension APIError {
    /// A provider's refusal, passed on with its own status (docs/wire.md#errors).
    ///
    /// - Parameters:
    ///   - response: nil where the failure is all that is known of it.
    ///   - secrets: of the account, which a provider may have repeated.
    init(_ failure: ProviderFailure, response: ProviderResponse?, secrets: SecretMask) {
        let message = failure.message.isEmpty ? "The provider refused the call" : failure.message
        self.init(.remoteError, secrets.masked(message))
        status = failure.status
        remote = RemoteFailure(rawResponse: Self.raw(response, secrets))
        self = insight("remote_error", "The provider, not the gateway, refused the call")
        switch failure.status {
        case 429: self = insight("rate_limit_error", "The provider allows no more calls for now; wait, then try again")
        case 403:
            let scopes = secrets.masked(failure.members["missing_scopes"] ?? [])
            self = insight("forbidden_error", "The account may not do this at the provider", ["missing_scopes": scopes])
        default: break
        }
        let now = Date().timeIntervalSince1970
        headerFields = RateLimitFields.normalized(
            response?.headers ?? [:], retryAfter: failure.wait(at: now), now: Int64(now))
        if failure.status == 429, !headerFields.contains(.retryAfter) { self = header("retry-after", "10") }
    }

    private static let rawLimit = 64 << 10

    /// Cut behind the masking, so that no part of a secret is left.
    private static func raw(_ response: ProviderResponse?, _ secrets: SecretMask) -> JSONValue {
        guard let response else { return "" }
        let json = response.json.map { secrets.masked($0) }
        if let json, json.bytes().count <= rawLimit { return json }
        let text = json?.text() ?? response.text.map { secrets.masked($0) } ?? ""
        return .string(String(decoding: text.utf8.prefix(rawLimit), as: UTF8.self))
    }
}
