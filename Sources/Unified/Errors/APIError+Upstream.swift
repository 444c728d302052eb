import JSON
import Upstream

extension APIError {
    /// The error for a call that got no usable response (docs/wire.md#errors).
    init(_ error: UpstreamError) {
        switch error.code {
        case .egressRefused: self.init(.egressRefused, error.message)
        case .couldNotConnect, .interrupted:
            // Nothing, or not all of it, reached the provider: sending again is safe, as 502 tells clients.
            self.init(.providerUnreachable, "The provider could not be reached: \(error.message)")
        case .providerBusy:
            self = APIError(
                .providerBusy, "The provider is busy: \(error.message)",
                hint: "Send it again after Retry-After seconds, with fewer calls at once"
            ).header("retry-after", "2")
        case .outcomeUnknown:
            self.init(
                .outcomeUnknown,
                "The provider has the whole request but never answered; it may have been carried out",
                hint: "Look at the provider, or list, before you send it again")
        case .timedOut: self.init(.providerTimeout, "The provider took too long: \(error.message)")
        case .badResponse, .responseTooLarge:
            self.init(.badProviderResponse, "The provider's response cannot be used: \(error.message)")
            remote = RemoteFailure(rawResponse: .null)
        case .sourceFailed:
            self = error.source as? APIError ?? APIError(.incompleteBody, "The request's body ended early")
        case .invalidRequest, .cancelled: self.init(.internalError, "The call could not be made")
        }
    }
}
