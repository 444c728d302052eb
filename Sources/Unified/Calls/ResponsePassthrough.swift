import Catalog
import HTTPTypes
import NIOCore
import Upstream

/// Hands a provider's response on as it is: `raw` whole, `stream` and files as they arrive.
struct ResponsePassthrough {
    let exchange: ProviderExchange
    let planned: PlannedCall

    init(_ exchange: ProviderExchange, _ planned: PlannedCall) {
        self.exchange = exchange
        self.planned = planned
    }

    private var format: ResponseFormat { exchange.parameters.format }

    /// Whether the response is a file, for which a refusal is told as an error and a range may be asked.
    private var isFile: Bool {
        exchange.plan.unifiedMethod.response == .binary || planned.method.providerFormat == .binary
    }

    /// Sends a request and delivers the response in the form asked for.
    ///
    /// - Returns: the response of a provider that refused to give the file; nil where everything was delivered.
    /// - Throws: `egress_refused` for a `file_url` that is none of the provider's.
    func send(
        _ upstream: UpstreamRequest, _ request: OutgoingRequest, scope: CallInput,
        _ deliver: (UnifiedResponse) async throws -> Void
    ) async throws -> ProviderResponse? {
        if isFile {
            try FileAddress(exchange).check(against: request, method: planned.method)
            if let expression = planned.method.responseFile {
                return try await FileInDocument(exchange, planned, expression).send(upstream, request, scope, deliver)
            }
            var upstream = FileDownload.request(upstream, ranges: exchange.call.rangeFields)
            upstream.limits = time(upstream)
            return try await file(upstream, request, scope, deliver)
        }
        if format == .stream {
            var upstream = upstream
            upstream.limits = time(upstream)
            try await exchange.service.upstream.withResponse(upstream) { response in
                await noted(response.status, of: request)
                try await deliver(
                    .stream(
                        status: response.status.code, contentType: response.headers[.contentType],
                        contentLength: response.headers[.contentLength].flatMap { Int64($0) }, response.body,
                        headers: RateLimitFields.normalized(response.headers)))
            }
        } else {
            let response = try await exchange.send(upstream)
            await noted(response.status, of: request)
            try await deliver(
                .bytes(
                    status: response.status.code, contentType: response.headers[.contentType], response.body,
                    headers: RateLimitFields.normalized(response.headers)))
        }
        return nil
    }

    private func time(_ upstream: UpstreamRequest) -> UpstreamLimits {
        upstream.body.isProduced ? upstream.limits : exchange.service.limits.downloadTime
    }

    private func file(
        _ upstream: UpstreamRequest, _ request: OutgoingRequest, _ scope: CallInput,
        _ deliver: (UnifiedResponse) async throws -> Void
    ) async throws -> ProviderResponse? {
        try await exchange.service.upstream.withResponse(upstream) { response in
            guard planned.method.isSuccess(response.status.code) else {
                return ProviderResponse(try await response.collected(upTo: 1 << 20), of: planned.method)
            }
            if request.isAtOwnHost { await exchange.credentials.accepted() }
            try await deliver(
                .stream(
                    status: response.status.code, contentType: response.headers[.contentType],
                    contentLength: response.headers[.contentLength].flatMap { Int64($0) }, response.body,
                    headers: FileDownload.fields(of: response.headers)
                        + RateLimitFields.normalized(response.headers)))
            return nil
        }
    }

    /// The error that a response without the file stands for.
    func error(_ response: ProviderResponse, _ request: OutgoingRequest, _ scope: CallInput) async throws -> APIError {
        let mapper = ResponseMapper(exchange.plan, planned)
        let found = try await exchange.evaluation.run { try mapper.failure(response, request: request, scope: scope) }
        guard let failure = found else {
            return APIError(.badProviderResponse, "The provider answered \(response.status) in place of the file")
        }
        return await exchange.refusal(failure, of: request, response)
    }

    /// What a response that is passed on as it is says about the credentials.
    private func noted(_ status: HTTPResponse.Status, of request: OutgoingRequest) async {
        guard request.isAtOwnHost else { return }
        if status == .unauthorized {
            _ = await exchange.credentials.refused()
        } else if status == .forbidden {
            await exchange.credentials.forbidden()
        } else if planned.method.isSuccess(status.code) {
            await exchange.credentials.accepted()
        }
    }
}
