import Encodings
package import HTTPTypes
package import JSON

/// A provider call, ready to be sent but for the bytes of its files.
package struct OutgoingRequest: Sendable {
    /// In capitals.
    package var method: String
    /// Scheme, host and path, percent-encoded; no query.
    package var url: String
    /// The address the path was put behind: bound as `base_url` in the response mapping.
    package var baseURL: String
    /// Decoded names and values in order; `queryString` encodes them.
    package var query: [(name: String, value: String)]
    /// The query that a whole address came with, in its own encoding, before `query`: a signature may cover its text.
    package var verbatimQuery: String?
    /// Without those of the authorization, and without `Content-Type` and `Content-Length` of multipart bodies.
    package var headers: HTTPFields
    /// Secret: never logged, masked in the debug format, dropped on the way to another host.
    package var authorization: HTTPFields
    /// Credentials that the provider takes in the query; as secret as `authorization`.
    package var secretQuery: [(name: String, value: String)] = []
    /// Whether it goes to a host of the definition, to which credentials may go; what another host responds says nothing
    /// about them.
    package var isAtOwnHost = true
    package var body: OutgoingBody
    /// The id that the call was made with; a step's may be another than the caller's.
    package var id: String?
    /// The query as the mapping made it: bound as `query` in the response mapping.
    package var mappedQuery: JSONObject
    /// The body as the mapping made it: bound as `requestBody`.
    package var mappedBody: JSONValue?

    /// What the address came with, and `query`.
    var wholeQuery: [(name: String, value: String)] { (verbatimQuery.map(URLEncodedForm.pairs) ?? []) + query }

    /// The encoded query without `?`; empty where there is none.
    package var queryString: String { URLEncodedForm.text(query) }

    /// The whole address without secrets: for logs and the debug format.
    ///
    /// The values of a signed address are as good as a key, so they are masked.
    package var visibleTarget: String {
        // Encoded, the mask would read `%2A%2A%2A`; a query may hold it as it is (RFC 3986 §3.4).
        let given = verbatimQuery.map { query in
            URLEncodedForm.pairs(query).map { PercentEncoding.encoded($0.name) + "=" + SecretMask.mask }.joined(separator: "&")
        }
        return Self.address(url, [given ?? "", queryString])
    }

    /// The whole address, as it is sent.
    package var target: String {
        Self.address(url, [verbatimQuery ?? "", URLEncodedForm.text(query + secretQuery)])
    }

    private static func address(_ url: String, _ queries: [String]) -> String {
        let query = queries.filter { !$0.isEmpty }.joined(separator: "&")
        return query.isEmpty ? url : url + "?" + query
    }
}

extension OutgoingRequest {
    /// Bytes of an address, and of all header fields together, that are sent at most. Servers refuse longer ones in many
    /// different ways, and a mapping must not make us hold them.
    package static let maxTargetBytes = 16 << 10
    package static let maxHeaderBytes = 32 << 10

    /// - Throws: `unsafeValue`.
    func checkSize() throws(CatalogError) {
        let length = target.utf8.count
        guard length <= Self.maxTargetBytes else {
            throw CatalogError(
                .unsafeValue, "the provider's address would have \(length) bytes; at most \(Self.maxTargetBytes) are sent"
            )
        }
        let fields = Self.bytes(headers) + Self.bytes(authorization)
        guard fields <= Self.maxHeaderBytes else {
            throw CatalogError(
                .unsafeValue, "the header fields would have \(fields) bytes; at most \(Self.maxHeaderBytes) are sent"
            )
        }
    }
}

extension OutgoingRequest {
    /// Bytes of fields as HTTP/1.1 writes them.
    private static func bytes(_ fields: HTTPFields) -> Int {
        fields.reduce(0) { $0 + $1.name.rawName.utf8.count + $1.value.utf8.count + 4 }
    }
}

/// The outgoing body as a tree; `FileHandle` and `InlineBlob` objects in it become bytes when it is sent.
package enum OutgoingBody: Sendable {
    case none
    /// Handles inside have the form `base64`, `dataURI` or `url`.
    case json(JSONValue)
    /// `application/x-www-form-urlencoded`: texts, and handles of the form `url`.
    case form([BodyPart])
    case multipart([BodyPart])
    /// A handle, a blob or a text, sent as the body itself.
    case raw(JSONValue, contentType: String?)
    /// A document in pieces: its text, and files as base64 between.
    case xml([XMLPiece])
}

extension OutgoingBody {
    /// Whether `remote_data` can be merged into it.
    var holdsMembers: Bool {
        switch self {
        case .json(let value): value.object != nil
        case .form, .multipart, .xml: true
        case .none, .raw: false
        }
    }

    /// Whether its content type is one that a definition may replace: that of a multipart body holds its boundary, and a
    /// raw body carries its own.
    var hasPlainType: Bool {
        switch self {
        case .json, .form, .xml: true
        case .none, .multipart, .raw: false
        }
    }
}

/// A piece of an XML body.
package enum XMLPiece: Sendable, Hashable {
    case text(String)
    case file(FileHandle)
}

package struct BodyPart: Sendable {
    package enum Content: Sendable {
        case text(String)
        case file(FileHandle)
        case blob(InlineBlob)
    }

    package var name: String
    package var content: Content
}
