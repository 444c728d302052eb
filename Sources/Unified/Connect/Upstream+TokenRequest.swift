package import Accounts
import HTTPTypes
import NIOCore
package import Upstream

extension Upstream {
    /// Sends a request to a token endpoint, within `RefreshService.longestCall`; no redirect is followed.
    ///
    /// - Throws: `UpstreamError`.
    package func send(_ request: TokenRequest) async throws(UpstreamError) -> TokenResponse {
        var fields = request.headers.exposed()
        fields[.userAgent] = "attache"
        fields[.acceptEncoding] = "identity"
        let response = try await send(
            UpstreamRequest(
                method: .post, url: request.url, headers: fields, body: .bytes(ByteBuffer(bytes: request.body.exposed())),
                limits: UpstreamLimits(total: .seconds(RefreshService.longestCall))),
            upTo: 1 << 20)
        return TokenResponse(
            status: response.status.code, body: Secret(Array(response.body.readableBytesView)))
    }
}
