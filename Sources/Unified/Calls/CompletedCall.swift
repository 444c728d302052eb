import Catalog

/// A provider call and its response; an object, since it is kept in several places.
final class CompletedCall: Sendable {
    let request: OutgoingRequest
    let response: ProviderResponse

    init(_ request: OutgoingRequest, _ response: ProviderResponse) {
        self.request = request
        self.response = response
    }
}
