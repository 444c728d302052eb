package import HTTPTypes
package import JSON
import Upstream

/// What a call failed with: everything the response says about it.
///
/// `Gateway` renders it as the wire contract's error object or as problem details (RFC 9457).
package struct APIError: Error, Sendable, Hashable {
    package var code: Code
    /// The response's HTTP status; a provider's own status for `remote_error`.
    package var status: Int
    /// One sentence: what is wrong. Never holds a secret.
    package var message: String
    /// The query parameter, header or body field at fault.
    package var param: String?
    /// What the caller can do about it.
    package var hint: String?
    /// `truto_error_insight`: independent keys of `{description, value}`.
    package var insight: JSONObject = [:]
    /// Further members of the error object, such as the steps that were done.
    package var members: JSONObject = [:]
    /// Set where the provider, not the gateway, refused the call.
    package var remote: RemoteFailure?
    /// Extra header fields of the response, such as `retry-after`. Of several with one name the last is sent.
    package var headerFields: HTTPFields = [:]

    package init(_ code: Code, _ message: String, param: String? = nil, hint: String? = nil) {
        self.code = code
        self.status = code.status
        self.message = message
        self.param = param
        self.hint = hint
    }
}

/// What is kept of a provider's refusal.
package struct RemoteFailure: Sendable, Hashable {
    /// The provider's body: JSON if it parses, else text, at most 64 KiB of it.
    package var rawResponse: JSONValue

    package init(rawResponse: JSONValue) { self.rawResponse = rawResponse }
}

extension APIError {
    /// Adds a key of `truto_error_insight`.
    package func insight(_ key: String, _ description: String, _ value: JSONValue? = nil) -> APIError {
        var copy = self
        var entry: JSONObject = ["description": .string(description)]
        entry["value"] = value
        copy.insight[key] = .object(entry)
        return copy
    }

    /// Adds a header field to the response.
    ///
    /// - Parameter name: in the letters that are sent.
    package func header(_ name: String, _ value: String) -> APIError {
        var copy = self
        copy.headerFields.replace(with: HTTPFields(texts: [(name, value)]))
        return copy
    }
}
