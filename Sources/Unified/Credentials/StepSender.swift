import Catalog
import NIOCore
import Upstream

/// Sends the requests of steps that belong to no call: actions, sessions. Their bodies hold no file.
struct StepSender: Sendable {
    let upstream: Upstream
    /// Time for one request.
    var time = UpstreamLimits.json
    /// Bytes of one response.
    var maxResponseBytes = 1 << 20
    /// What is masked where a response is quoted.
    var secrets = SecretMask.none

    /// - Throws: `UpstreamError`; `APIError` for a body that cannot be made, or a response that is not what it promises.
    func send(_ request: OutgoingRequest, _ method: IntegrationMethod) async throws -> ProviderResponse {
        let layout = try BodyLayout(request.body)
        let body = layout.segments.isEmpty ? nil : try FileStream.whole(layout, file: [])
        var sent = UpstreamRequest(
            method: try request.httpMethod, url: request.target,
            headers: request.fields(contentType: layout.contentType),
            body: body.map(UpstreamRequest.Body.bytes) ?? .none, limits: time,
            credentialFields: request.credentialFields)
        sent.isIdempotent = method.idempotent
        let response = try await upstream.send(sent, upTo: maxResponseBytes)
        let parsed = ProviderResponse(response, of: method)
        try ProviderExchange.requireReadable(parsed, of: method, secrets: secrets)
        return parsed
    }
}
