import Catalog
import JSON
import Upstream

/// The `file_url` of a download: an address that the provider gave out, to be asked of the provider and nobody else.
struct FileAddress {
    let exchange: ProviderExchange

    init(_ exchange: ProviderExchange) { self.exchange = exchange }

    /// Refuses an address at a host that is neither the API's own nor one that the definition allows.
    ///
    /// The mapping decides what is asked; this keeps a caller from believing that some other host was.
    /// - Throws: `egress_refused`, or `invalid_query_parameter` for what is no address.
    func check(against request: OutgoingRequest, method: IntegrationMethod) throws(APIError) {
        // An address that is called as it came is sent no credentials, so the egress policy alone decides about it. Any other
        // one at a host that the definition does not name was refused by the builder.
        guard method.url == nil else { return }
        guard let text = exchange.parameters.query["file_url"]?.string else { return }
        let url: TargetURL
        do {
            url = try TargetURL(text)
        } catch {
            throw APIError(.invalidQueryParameter, "file_url: \(error.message)", param: "file_url")
        }
        if let base = try? TargetURL(request.baseURL), base.host == url.host { return }
        guard exchange.plan.integration.credentialHosts.contains(url.hostText) else {
            throw APIError(
                .egressRefused, "file_url is at \(url.hostText), which is no host of this integration",
                param: "file_url", hint: "Give the file_url of an attachment as the gateway answered it")
        }
    }
}
