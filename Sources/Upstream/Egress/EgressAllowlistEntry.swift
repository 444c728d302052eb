/// An exception to the egress policy that the operator names: a block of addresses, or one host.
///
/// A hole opens addresses that are otherwise refused, and plain http to them.
package enum EgressAllowlistEntry: Sendable, Hashable {
    case prefix(IPPrefix)
    /// `port` nil means any.
    case host(TargetURL.Host, port: Int?)

    /// Reads `10.0.0.0/8`, `127.0.0.1`, `127.0.0.1:8080`, `[::1]:8080`, `sandbox.internal` or `sandbox.internal:8080`.
    ///
    /// - Throws: `UpstreamError` with code `invalid_request`.
    package init(_ text: String) throws(UpstreamError) {
        if text.contains("/") {
            guard let prefix = IPPrefix(text) else {
                throw .invalidRequest("\(text) is not a block of addresses such as 10.0.0.0/8")
            }
            self = .prefix(prefix)
        } else if let address = IPAddress(text) {
            self = .host(.address(address.unmapped), port: nil)
        } else {
            let named = text.hasSuffix("]") ? false : text.contains(":")
            let url = try TargetURL("http://\(text)")
            guard url.requestTarget == "/" else { throw .invalidRequest("\(text) is not a host or host:port") }
            self = .host(url.host, port: named ? url.port : nil)
        }
    }

    /// Whether the hole lets `url` reach `address`.
    func admits(_ url: TargetURL, at address: IPAddress) -> Bool {
        switch self {
        case .prefix(let prefix): prefix.contains(address)
        case .host(let host, let port): host == url.host && (port == nil || port == url.port)
        }
    }
}
