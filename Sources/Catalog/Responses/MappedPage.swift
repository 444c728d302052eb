package import HTTPTypes
package import JSON

/// What the gateway needs of a provider's response.
package struct ProviderResponse: Sendable {
    package var status: Int
    package var headers: HTTPFields
    let body: ResponseBody

    package init(status: Int, headers: HTTPFields = [:], document: JSONText?, text: String? = nil) {
        self.init(
            status: status, headers: headers,
            source: document.map { .document($0) } ?? text.map { .text($0) } ?? .nothing)
    }

    package init(status: Int, headers: HTTPFields = [:], json: JSONValue?, text: String? = nil) {
        self.init(status: status, headers: headers, document: json.map { JSONText($0) }, text: text)
    }

    /// Reads a body as its method says: JSON, XML in its JSON form (`XMLReader`), or text. What is neither stays text.
    ///
    /// Errors come in other formats than results often enough, so that what begins like JSON is read as JSON anyway.
    package init(
        status: Int, headers: HTTPFields, body: ResponseBytes, of method: IntegrationMethod
    ) {
        let format: ResponseBody.Format =
            switch method.providerFormat {
            case .text: .text
            case .json, .binary: .json
            case .xml: .xml(arrays: method.xmlArrays)
            }
        self.init(status: status, headers: headers, source: .bytes(body, format))
    }

    package init(status: Int, headers: HTTPFields, body: [UInt8], of method: IntegrationMethod) {
        self.init(status: status, headers: headers, body: ResponseBytes(body), of: method)
    }

    private init(status: Int, headers: HTTPFields, source: ResponseBody.Source) {
        self.status = status
        self.headers = headers
        body = ResponseBody(source)
    }

    /// Whether the body is JSON, or XML that is read as JSON.
    package var isDocument: Bool { body.isDocument }

    /// The body as text where it is no JSON; nil where it is empty.
    package var text: String? { body.text }

    /// The body as a value; nil where it is no JSON. An object is not read before someone looks inside.
    package var json: JSONValue? { body.document.map { $0.isObject ? .object(JSONObject(text: $0)) : $0.value } }

    /// The body as a value: JSON or text; nil where it is empty.
    var content: JSONValue? { json ?? text.map { .string($0) } }
}

/// A provider's response in unified terms.
package struct MappedPage: Sendable {
    /// Unified records with `remote_data`; one for a single record, none where there is none.
    package var records: [MappedRecord]
    /// Hand it back in `CallInput.cursor`; nil: the last page.
    package var nextCursor: String?
    package var isPartial: Bool
    /// Parameters of a list by which the gateway dropped records.
    package var filteredBy: [String] = []
    /// Headers for the caller, by the definition.
    package var headers: HTTPFields
}

/// The provider refused, in the terms of the definition.
package struct ProviderFailure: Error, Sendable {
    /// The provider's, or the one the definition gives instead.
    package var status: Int
    /// From the definition, or dug out of the provider's body; empty where there is none.
    package var message: String
    /// Members an `error_mapping` adds to the error.
    package var members: JSONObject
    /// Whether the provider says it was called too often.
    package var isRateLimited: Bool
    /// Seconds, by the definition's expressions; nil where they give none.
    package var retryAfter: Double?
    /// The moment from which calls are allowed again, in seconds since 1970; the later of the two counts.
    package var resetAt: Double?
    /// Whether the record does not exist there: a `get` goes on to its next source.
    package var isNotFound: Bool

    package init(
        status: Int, message: String, members: JSONObject, isRateLimited: Bool, retryAfter: Double?, resetAt: Double?,
        isNotFound: Bool
    ) {
        self.status = status
        self.message = message
        self.members = members
        self.isRateLimited = isRateLimited
        self.retryAfter = retryAfter
        self.resetAt = resetAt
        self.isNotFound = isNotFound
    }
}

extension ProviderFailure {
    /// The provider answered, and what it gave holds no such record.
    static let noRecord = ProviderFailure(
        status: 404, message: "There is no such record", members: [:], isRateLimited: false, retryAfter: nil,
        resetAt: nil, isNotFound: true
    )
}

/// The outcome of one provider call.
package enum MappedResponse: Sendable {
    case page(MappedPage)
    case failure(ProviderFailure)
}
