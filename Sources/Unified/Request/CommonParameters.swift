import Encodings
package import JSON

/// The query parameters that every unified call takes (docs/wire.md#query-parameters), taken out of the caller's query.
package struct CommonParameters: Sendable, Hashable {
    package var format: ResponseFormat = .unified
    package var ignoreRemoteData = false
    package var excludedFields: Set<String> = []
    /// Fields whose references are to be filled with the records that they point to.
    package var expandedFields: Set<String> = []
    /// Reaches the provider untransformed, over the mapped parameters.
    package var remoteQuery: JSONObject = [:]
    package var bodyPassthrough = false
    package var keyBy: String?
    package var ignoreLimit = false
    /// A file without a candidate, application or job is refused.
    package var requiresCandidate = false
    /// What is left: the unified query of the method.
    package var query: JSONObject = [:]

    package init() {}

    /// Takes a parsed query apart.
    ///
    /// - Throws: `APIError.invalidQueryParameter`, naming the parameter and what it accepts.
    package init(_ parsed: JSONObject) throws(APIError) {
        for (name, value) in parsed {
            switch name {
            case "integrated_account_id": break
            case "truto_response_format": format = try Self.format(value)
            case "truto_ignore_remote_data": ignoreRemoteData = try Self.boolean(name, value)
            case "truto_body_passthrough": bodyPassthrough = try Self.boolean(name, value)
            case "truto_ignore_limit": ignoreLimit = try Self.boolean(name, value)
            case "require_candidate": requiresCandidate = try Self.boolean(name, value)
            case "truto_exclude_fields": excludedFields = try Self.names(name, value)
            case "truto_expand": expandedFields = try Self.names(name, value)
            case "truto_key_by": keyBy = try Self.text(name, value)
            case "remote_query":
                guard let object = value.object else {
                    throw Self.invalid(name, "must be an object: remote_query[name]=value")
                }
                remoteQuery = object
            case "next_cursor" where value == "": break
            default: query[name] = value
            }
        }
    }

    /// The account that the call is for.
    ///
    /// - Throws: `missing_query_parameter` where there is none, `invalid_query_parameter` where it is not a UUID.
    package static func accountID(_ parsed: JSONObject) throws(APIError) -> String {
        let name = "integrated_account_id"
        guard let value = parsed[name], value != "" else {
            throw APIError(.missingQueryParameter, "integrated_account_id is required", param: name)
                .insight("missing_required_query_parameters", "Query parameters that the call needs", [.string(name)])
        }
        guard let text = value.string, isUUID(text) else { throw invalid(name, "must be a UUID") }
        return text.lowercased()
    }

    /// Whether a text is a UUID in the form 8-4-4-4-12 (RFC 9562 §4).
    static func isUUID(_ text: String) -> Bool {
        let bytes = text.utf8
        guard bytes.count == 36 else { return false }
        var at = 0
        for byte in bytes {
            let fits =
                switch at {
                case 8, 13, 18, 23: byte == UInt8(ascii: "-")
                default: byte.hexValue != nil
                }
            if !fits { return false }
            at += 1
        }
        return true
    }

    private static func invalid(_ name: String, _ rule: String) -> APIError {
        APIError(.invalidQueryParameter, "\(name) \(rule)", param: name)
    }

    private static func text(_ name: String, _ value: JSONValue) throws(APIError) -> String {
        guard let text = value.string, !text.isEmpty else { throw invalid(name, "must be a single value") }
        return text
    }

    private static func format(_ value: JSONValue) throws(APIError) -> ResponseFormat {
        guard let format = value.string.flatMap(ResponseFormat.init) else {
            let accepted = ResponseFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw invalid("truto_response_format", "must be one of \(accepted)")
        }
        return format
    }

    private static func boolean(_ name: String, _ value: JSONValue) throws(APIError) -> Bool {
        switch value.string?.lowercased() {
        case "true", "1": return true
        case "false", "0": return false
        default: throw invalid(name, "must be true, false, 1 or 0")
        }
    }

    /// A list of names: repeated, bracketed, indexed or parted by commas.
    private static func names(_ name: String, _ value: JSONValue) throws(APIError) -> Set<String> {
        var names: Set<String> = []
        for item in value.array ?? [value] {
            guard let text = item.string else { throw invalid(name, "must be a list of field names") }
            for part in text.split(separator: ",") {
                var trimmed = part.drop { $0 == " " }
                while trimmed.last == " " { trimmed.removeLast() }
                if !trimmed.isEmpty { names.insert(String(trimmed)) }
            }
        }
        return names
    }
}
