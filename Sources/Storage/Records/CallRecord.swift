/// One call to the gateway, or of the gateway to a provider: what it was and how it ended.
///
/// Holds no body, no header and no query, so it is safe to keep and to show. An object, as a row goes through a queue and
/// a batch before it is written, and a struct of so many texts is dear to copy.
package final class CallRecord: Sendable {
    /// When the call had ended: rows are read in the order in which they could be written.
    package let createdAt: Timestamp
    /// Unique together with the time; of a call to a provider, the request's id and its number within the request.
    package let id: String
    package let environmentID: String
    package static let types = ["unified_proxy_api", "platform", "provider", "webhook"]

    /// One of `types`.
    package let type: String
    /// The request at the gateway that it was, or was made for; nil for what the gateway does by itself.
    package let requestID: String?
    /// 32 hexadecimal digits, where the caller sent a `traceparent` or the trace is exported.
    package let traceID: String?
    package let httpMethod: String
    /// The route's pattern, never the path: `/integrated-account/{id}`. Nil for calls to providers.
    package let route: String?
    /// The host of a call to a provider or a webhook; nil for calls to the gateway.
    package let host: String?
    /// `ats/attachments`.
    package let resource: String?
    /// `list`, `get`, `create`, `update`, `delete` or a custom method.
    package let method: String?
    package let integration: String?
    package let accountID: String?
    /// The response's status; nil where there was none.
    package let status: Int64?
    /// `ok`, or the code of the error.
    package let code: String
    package let durationMS: Int64
    /// Of a call to the gateway, the time that calls to providers took.
    package let providerMS: Int64?
    /// Bytes of bodies that came in, and that went out, seen from the gateway.
    package let bytesIn: Int64
    package let bytesOut: Int64
    /// Attempts after the first one.
    package let retries: Int64

    package init(
        createdAt: Timestamp, id: String, environmentID: String, type: String, requestID: String? = nil,
        traceID: String? = nil, httpMethod: String, route: String? = nil, host: String? = nil, resource: String? = nil,
        method: String? = nil, integration: String? = nil, accountID: String? = nil, status: Int64? = nil,
        code: String, durationMS: Int64, providerMS: Int64? = nil, bytesIn: Int64 = 0, bytesOut: Int64 = 0,
        retries: Int64 = 0
    ) {
        self.createdAt = createdAt
        self.id = id
        self.environmentID = environmentID
        self.type = type
        self.requestID = requestID
        self.traceID = traceID
        self.httpMethod = httpMethod
        self.route = route
        self.host = host
        self.resource = resource
        self.method = method
        self.integration = integration
        self.accountID = accountID
        self.status = status
        self.code = code
        self.durationMS = durationMS
        self.providerMS = providerMS
        self.bytesIn = bytesIn
        self.bytesOut = bytesOut
        self.retries = retries
    }
}

extension CallRecord: SQLRecord {
    static let table = "call_log"
    static let columns = [
        "created_at", "id", "environment_id", "log_type", "request_id", "trace_id", "http_method", "route", "host",
        "resource", "method", "integration", "integrated_account_id", "status", "code", "duration_ms", "provider_ms",
        "bytes_in", "bytes_out", "retries",
    ]

    convenience init(row: inout SQLRow) throws(StorageError) {
        self.init(
            createdAt: try row.time(), id: try row.text(), environmentID: try row.text(), type: try row.text(),
            requestID: try row.optionalText(), traceID: try row.optionalText(), httpMethod: try row.text(), route: try row.optionalText(),
            host: try row.optionalText(), resource: try row.optionalText(), method: try row.optionalText(),
            integration: try row.optionalText(), accountID: try row.optionalText(), status: try row.optionalInteger(), code: try row.text(),
            durationMS: try row.integer(), providerMS: try row.optionalInteger(), bytesIn: try row.integer(), bytesOut: try row.integer(),
            retries: try row.integer())
    }

    var values: [SQLValue] {
        [
            SQLValue(createdAt), .text(id), .text(environmentID), .text(type), SQLValue(requestID), SQLValue(traceID),
            .text(httpMethod), SQLValue(route), SQLValue(host), SQLValue(resource), SQLValue(method),
            SQLValue(integration), SQLValue(accountID), SQLValue(status), .text(code), .integer(durationMS),
            SQLValue(providerMS), .integer(bytesIn), .integer(bytesOut), .integer(retries),
        ]
    }
}

extension CallRecord: Hashable {
    package static func == (a: CallRecord, b: CallRecord) -> Bool { a.values == b.values }

    package func hash(into hasher: inout Hasher) { hasher.combine(values) }
}

package enum CallField: String, FilterField {
    case id
    case type = "log_type"
    case requestID = "request_id"
    case traceID = "trace_id"
    case httpMethod = "http_method"
    case route, host, resource, method, integration
    case accountID = "integrated_account_id"
    case status, code
    case createdAt = "created_at"

    package var kind: FilterKind {
        switch self {
        case .createdAt: .time
        case .status: .number
        default: .text
        }
    }
}
