import Upstream

/// A request to the gateway that has ended.
struct EndedCall {
    /// Who the end is to be put down to: a label of metrics.
    enum Outcome: String, CaseIterable {
        case ok
        /// The caller's request could not be carried out as it was.
        case refused
        /// The provider refused or failed.
        case providerError = "provider_error"
        /// The gateway failed, or had no room.
        case gatewayError = "gateway_error"
        /// The caller went away.
        case aborted
    }

    var notes: CallNotes
    var httpMethod: String
    /// The route's pattern; nil where there is none.
    var route: String?
    /// nil where the caller went away before one was sent.
    var status: Int?
    var code: String
    var duration: Duration
    var bytesIn: Int
    var bytesOut: Int

    /// `unified_proxy_api` for calls that may go on to a provider.
    var type: String { route?.hasPrefix("/unified/") == true ? "unified_proxy_api" : "platform" }

    var outcome: Outcome { Self.outcome(status: status, code: code) }

    private static let providers: Set<String> = [
        "remote_error", "provider_unreachable", "bad_provider_response", "provider_busy", "provider_timeout",
        "outcome_unknown", "credentials_refresh_failed",
    ]

    static func outcome(status: Int?, code: String) -> Outcome {
        guard let status, code != "aborted" else { return .aborted }
        if providers.contains(code) { return .providerError }
        return status >= 500 ? .gatewayError : status >= 400 ? .refused : .ok
    }
}
