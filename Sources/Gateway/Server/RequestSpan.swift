import HTTPTypes
import Telemetry
import Tracing
import Unified
import Upstream

/// The span of a request, from its head to the end of its response.
struct RequestSpan {
    private let span: any Span

    /// - Returns: nil where traces are not exported.
    init?(_ tracer: (any Tracer)?, _ head: HTTPRequest, requestID: String) {
        guard let tracer else { return nil }
        var context = ServiceContext.topLevel
        tracer.extract(head.headerFields, into: &context, using: FieldsExtractor())
        span = tracer.startSpan(head.method.rawValue, context: context, ofKind: .server)
        span.attributes["http.request.method"] = head.method.rawValue
        span.attributes["attache.request_id"] = requestID
    }

    /// What the request's steps run in.
    var context: ServiceContext { span.context }

    /// Names the span where it will be exported; nil where its trace is not sampled.
    var exported: TraceContext? { span.context.traceContext.flatMap { $0.isSampled ? $0 : nil } }

    /// Names come from the catalog and the store, never from the request.
    func end(_ call: EndedCall) {
        let known = call.notes.known
        if let route = call.route {
            span.operationName = "\(call.httpMethod) \(route)"
            span.attributes["http.route"] = route
        }
        if let status = call.status { span.attributes["http.response.status_code"] = status }
        span.attributes["attache.code"] = call.code
        if let integration = known.integration { span.attributes["attache.integration"] = integration }
        if let resource = known.resource { span.attributes["attache.resource"] = resource }
        if let method = known.method { span.attributes["attache.method"] = method }
        if (call.status ?? 499) >= 500 { span.setStatus(SpanStatus(code: .error)) }
        span.end()
    }
}

private struct FieldsExtractor: Extractor {
    func extract(key: String, from fields: HTTPFields) -> String? { HTTPField.Name(key).flatMap { fields[$0] } }
}
