import Catalog
import HTTPTypes
import Upstream

extension ProviderExchange {
    /// Sends a request and collects the response.
    func send(_ request: UpstreamRequest) async throws -> CollectedResponse {
        let limit = service.limits.maxResponseBytes
        let mayRefuse = request.method == .get || request.method == .head
        let held = responses
        return try await service.upstream.withResponse(request) { response in
            let length = response.headers.text(of: .contentLength).flatMap { Int($0) }
            let isFree = length.map { $0 <= HeldResponses.free } ?? false
            return try await response.collected(upTo: limit, padding: ResponseBytes.padding) { bytes in
                if !isFree { try held.hold(bytes, mayRefuse: mayRefuse) }
            }
        }
    }
}
