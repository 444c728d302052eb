package import JSON
import Tracing
import Upstream

/// Spans as OTLP/HTTP takes them in JSON (opentelemetry-proto, ExportTraceServiceRequest; identifiers in hexadecimal, 64-bit
/// numbers as text).
package enum OTLPDocument {
    package static func of(_ spans: [SpanRecord], version: String) -> JSONValue {
        let resource: SpanAttributes = ["service.name": "attache", "service.version": .string(version)]
        return [
            "resourceSpans": [
                [
                    "resource": ["attributes": attributes(resource)],
                    "scopeSpans": [["scope": ["name": "attache"], "spans": .array(spans.map(span))]],
                ]
            ]
        ]
    }

    private static func span(_ span: SpanRecord) -> JSONValue {
        var json: JSONObject = [
            "traceId": .string(span.identity.traceID), "spanId": .string(span.identity.parentID),
            "name": .string(span.name), "kind": .number(JSONNumber(kind(span.kind))), "startTimeUnixNano": .string("\(span.start)"),
            "endTimeUnixNano": .string("\(span.end)"), "attributes": attributes(span.attributes),
        ]
        if let parent = span.parentID { json["parentSpanId"] = .string(parent) }
        if span.isError { json["status"] = ["code": 2] }
        if !span.events.isEmpty {
            json["events"] = .array(
                span.events.map {
                    [
                        "name": .string($0.name), "timeUnixNano": .string("\($0.nanosecondsSinceEpoch)"),
                        "attributes": attributes($0.attributes),
                    ]
                })
        }
        if !span.links.isEmpty {
            json["links"] = .array(span.links.map { ["traceId": .string($0.traceID), "spanId": .string($0.parentID)] })
        }
        return .object(json)
    }

    private static func kind(_ kind: SpanKind) -> Int {
        switch kind {
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        default: 1
        }
    }

    private static func attributes(_ attributes: SpanAttributes) -> JSONValue {
        var list: [JSONValue] = []
        attributes.forEach { key, value in
            if let value = self.value(value) { list.append(["key": .string(key), "value": value]) }
        }
        return .array(list)
    }

    /// nil for kinds that no span of ours has.
    private static func value(_ attribute: SpanAttribute) -> JSONValue? {
        switch attribute {
        case .string(let text): ["stringValue": .string(text)]
        case .bool(let bool): ["boolValue": .bool(bool)]
        case .int32(let number): ["intValue": .string("\(number)")]
        case .int64(let number): ["intValue": .string("\(number)")]
        case .stringConvertible(let value): ["stringValue": .string(value.description)]
        default: nil
        }
    }
}
