import Catalog
import HTTPTypes
import Upstream

extension ProviderResponse {
    /// What the HTTP client received, as mappings read it.
    init(_ response: CollectedResponse, of method: IntegrationMethod) {
        self.init(status: response.status.code, headers: response.headers, body: ResponseBytes(response.body), of: method)
    }
}
