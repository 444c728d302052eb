/// One call of the provider's API.
public struct IntegrationMethod: Sendable {
    public enum BodyFormat: String, Sendable, Hashable, CaseIterable {
        case json, form, multipart, raw, xml
    }

    /// What the answer's body is read as.
    public enum AnswerFormat: String, Sendable, Hashable, CaseIterable {
        case json, xml, text
        /// Passed on, never read: downloads.
        case binary
    }

    public var resource: String
    public var name: String
    public var description: String?
    public var documentationURL: String?
    /// In capitals: `GET`.
    public var httpMethod: String
    /// Begins with `/`; placeholders are percent-encoded per segment.
    public var path: Template
    /// Replaces the integration's, for a call to another host.
    public var baseURL: Template?
    public var headers: [HeaderTemplate]
    public var query: JSONTemplate?
    public var queryArrayFormat: QueryArrayFormat?
    /// The whole body where no mapping makes one; otherwise merged below it.
    public var body: JSONTemplate?
    public var bodyFormat: BodyFormat
    public var bodyOptions: BodyOptions
    /// Where the data is in the answer; nil: the whole answer.
    public var responsePath: MappingExpression?
    public var answerFormat: AnswerFormat
    /// nil: the integration's. `.some(nil)`: this call has no pages.
    public var pagination: Pagination??
    /// nil: the integration's.
    public var authorization: Authorization?
    /// No credentials at all: presigned addresses.
    public var noAuth: Bool
    /// Whether sending the call twice does no more than sending it once. nil: by the HTTP method (RFC 9110 §9.2.2).
    public var idempotent: Bool?
    /// Bytes; nil: only the gateway's own limit.
    public var maxFileSize: Int?
    /// Media types (`image/*` allowed) and extensions (`.pdf`); empty: any.
    public var acceptedTypes: [String]
    /// Answers that mean success; nil: 200…299.
    public var successStatuses: Set<Int>?
    /// Answers that may mean that there is no such record; a `get` then tries its next source. Default: 404.
    public var notFoundStatuses: Set<Int>
    public var errorExpression: MappingExpression?
    public var addQueryToBody: Bool
    public var ignoreBody: Bool
    public var scopes: [String]

    /// Whether the call may be sent again when it is unknown whether it was carried out.
    public var isRetrySafe: Bool {
        idempotent ?? ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"].contains(httpMethod)
    }

    public func isSuccess(_ status: Int) -> Bool {
        successStatuses?.contains(status) ?? (200..<300).contains(status)
    }
}

/// How members of the body that are no plain values are written in `form` and `multipart`.
public struct BodyOptions: Sendable, Hashable {
    /// Names of array members; files in an array always repeat the name unless this says otherwise.
    public var arrayFormat: QueryArrayFormat = .brackets
    /// Nested objects as one part of JSON text instead of `a[b]`.
    public var nestedAsJSON = false
    /// The element around an XML body.
    public var xmlRoot: String?
    /// The member sent as the body in `raw`; nil: the mapped body itself.
    public var rawMember: String?
    /// Replaces the content type of the format: `application/vnd.api+json`.
    public var contentType: String?
}
