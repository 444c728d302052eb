import Catalog
import HTTPTypes
import Upstream

/// A provider's whole response: its header fields as they came, and what mappings read of it.
struct ReceivedResponse: Sendable {
    var headerFields: HTTPFields
    var content: ProviderResponse
}

extension ReceivedResponse {
    init(_ response: CollectedResponse, of method: IntegrationMethod) {
        headerFields = response.headers
        // Definitions know names in lower case, so that a mapping need not know how a vendor spells them.
        content = ProviderResponse(
            status: response.status.code,
            headers: response.headers.map { (name: $0.name.canonicalName, value: $0.value) },
            body: ResponseBytes(response.body), of: method)
    }
}
