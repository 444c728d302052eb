public import JSON

/// A provider call, ready to be sent but for the bytes of its files.
public struct OutgoingRequest: Sendable {
    /// In capitals.
    public var method: String
    /// Scheme, host and path, percent-encoded; no query.
    public var url: String
    /// The address the path was put behind: bound as `base_url` in the response mapping.
    public var baseURL: String
    /// Decoded names and values in order; `queryString` encodes them.
    public var query: [(name: String, value: String)]
    /// Without those of the authorization, and without `Content-Type` and `Content-Length` of multipart bodies.
    public var headers: [(name: String, value: String)]
    /// Secret: never logged, masked in the debug format, dropped on the way to another host.
    public var authorization: [(name: String, value: String)]
    /// Credentials that the provider takes in the query; as secret as `authorization`.
    public var secretQuery: [(name: String, value: String)] = []
    public var body: OutgoingBody
    /// The query as the mapping made it: bound as `query` in the response mapping.
    public var mappedQuery: JSONObject
    /// The body as the mapping made it: bound as `requestBody`.
    public var mappedBody: JSONValue?

    /// The encoded query without `?`; empty where there is none.
    public var queryString: String { QueryString.encode(query) }

    /// The whole address without secrets: for logs and the debug format.
    public var visibleTarget: String { query.isEmpty ? url : url + "?" + queryString }

    /// The whole address, as it is sent.
    public var target: String {
        secretQuery.isEmpty ? visibleTarget : url + "?" + QueryString.encode(query + secretQuery)
    }
}

/// The outgoing body as a tree; `FileHandle` and `InlineBlob` objects in it become bytes when it is sent.
public enum OutgoingBody: Sendable {
    case none
    /// Handles inside have the form `base64`, `dataURI` or `url`.
    case json(JSONValue)
    /// `application/x-www-form-urlencoded`.
    case form([(name: String, value: String)])
    case multipart([BodyPart])
    /// A handle, a blob or a text, sent as the body itself.
    case raw(JSONValue, contentType: String?)
    case xml(String)
}

public struct BodyPart: Sendable {
    public enum Content: Sendable {
        case text(String)
        case file(FileHandle)
        case blob(InlineBlob)
    }

    public var name: String
    public var content: Content
}
