import Catalog
import HTTPTypes
import NIOCore
import Upstream

/// Hands a provider's answer on as it is: `raw` whole, `stream` as it arrives.
struct ProviderPassage {
    let exchange: ProviderExchange

    init(_ exchange: ProviderExchange) { self.exchange = exchange }

    /// Sends a request and delivers the answer in the form asked for.
    func send(_ request: UpstreamRequest, _ deliver: (UnifiedAnswer) async throws -> Void) async throws {
        if exchange.parameters.format == .stream {
            try await exchange.service.upstream.withResponse(request) { response in
                try await deliver(
                    .stream(
                        status: response.status.code, contentType: response.headers[.contentType],
                        contentLength: response.headers[.contentLength].flatMap { Int64($0) }, response.body,
                        headers: APIError.Header.rateLimits(response.headers)))
            }
        } else {
            let response = try await exchange.service.upstream.send(
                request, upTo: exchange.service.limits.maxAnswerBytes)
            if response.status == .unauthorized { await exchange.service.credentialsRefused(exchange.call.account) }
            try await deliver(
                .bytes(
                    status: response.status.code, contentType: response.headers[.contentType], response.body,
                    headers: APIError.Header.rateLimits(response.headers)))
        }
    }
}

extension APIError.Header {
    /// The provider's rate limits in their normalised form.
    static func rateLimits(_ headers: HTTPFields) -> [Self] {
        RateLimitFields.normalized(headers.map { ($0.name.rawName.lowercased(), $0.value) }, retryAfter: nil)
            .map { Self($0.name, $0.value) }
    }

    static func rateLimits(_ answer: ProviderAnswer) -> [Self] {
        RateLimitFields.normalized(answer.headers, retryAfter: nil).map { Self($0.name, $0.value) }
    }
}
