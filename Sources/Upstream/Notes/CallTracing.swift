import HTTPTypes
package import Tracing

/// Spans of calls to providers.
package struct CallTracing: Sendable {
    package var tracer: any Tracer
    /// Whether a host is sent `traceparent`. To others it would say which calls belong together.
    private let propagates: @Sendable (_ host: String) -> Bool

    package init(tracer: any Tracer, propagates: @escaping @Sendable (_ host: String) -> Bool) {
        self.tracer = tracer
        self.propagates = propagates
    }

    /// Makes the request by `call`, inside a span.
    func traced<Outcome>(
        _ request: UpstreamRequest, in context: ServiceContext,
        _ call: (UpstreamRequest, any Span) async throws -> Outcome
    ) async throws -> Outcome {
        let span = tracer.startSpan("provider \(request.method.rawValue)", context: context, ofKind: .client)
        defer { span.end() }
        var request = request
        if let url = try? TargetURL(request.url) {
            // Neither path nor query: both may hold what a caller has sent.
            span.attributes["server.address"] = url.hostText
            if propagates(url.hostText) {
                tracer.inject(span.context, into: &request.headers, using: FieldsInjector())
                // Like credentials, it does not follow a redirect to another host.
                request.credentialFields.insert(FieldsInjector.traceparent)
            }
        }
        span.attributes["http.request.method"] = request.method.rawValue
        do { return try await call(request, span) } catch {
            if let error = error as? UpstreamError { span.attributes["error.type"] = error.code.rawValue }
            span.recordError(error)
            throw error
        }
    }
}

private struct FieldsInjector: Injector {
    static let traceparent = HTTPField.Name("traceparent")!

    func inject(_ value: String, forKey key: String, into fields: inout HTTPFields) {
        if let name = HTTPField.Name(key) { fields[name] = value }
    }
}
