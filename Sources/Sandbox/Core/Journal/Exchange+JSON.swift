import HTTPTypes
import JSON

extension Exchange {
    /// What `GET /_sandbox/requests` tells of this request.
    var json: JSONValue {
        let (outcome, size, sha256, status) = summary
        let (parts, fault, isWhole) = form
        var out: JSONObject = [
            "id": .integer(id),
            "received_at": .integer(receivedAt),
            "method": .string(head.method.rawValue),
            "path": .string(path),
            "query": queryJSON,
            "query_string": .string(queryText),
            "headers": headersJSON,
            "content_length": contentLength.map { .integer($0) } ?? .null,
            "transfer_encoding": head.headerFields[.transferEncoding].map { .string($0) } ?? .null,
            "outcome": .string(outcome.rawValue),
            "complete": .bool(outcome == .complete),
            "body_size": .integer(size),
            "body_sha256": .string(sha256),
            "status": status.map { .integer($0) } ?? .null,
        ]
        if isForm {
            out["parts"] = .array(parts.map(\.json))
            out["form_complete"] = .bool(isWhole)
            if let fault { out["form_fault"] = .string(fault) }
        } else {
            out["parts"] = []
            // A token request's body holds secrets; JSON bodies of the API do not.
            let text = text
            if [.json, .xml].contains(bodyKind), size > 0, text.count <= Exchange.shownTextBytes {
                out["body"] = .string(String(decoding: text, as: UTF8.self))
            }
            let files = decodedFiles
            if !files.isEmpty {
                out["files"] = .array(files.map { ["size": .integer($0.size), "sha256": .string($0.sha256)] })
            }
        }
        return .object(out)
    }

    private var queryText: String {
        head.path?.split(separator: "?", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
    }

    /// A name given once holds its value, a repeated one the list of its values.
    private var queryJSON: JSONValue {
        var out = JSONObject()
        for (name, _) in query.pairs {
            let values = query.all(name)
            out[name] = values.count == 1 ? .string(values[0]) : .array(values.map { .string($0) })
        }
        return .object(out)
    }

    /// By name in lower case, repeated ones joined with `, `; credentials masked.
    private var headersJSON: JSONValue {
        var out = JSONObject()
        if let host = head.authority { out["host"] = .string(host) }
        for field in head.headerFields where field.name != .sandboxExchange {
            let value = Self.masked(field)
            let name = field.name.canonicalName
            out[name] = .string(out[name]?.string.map { "\($0), \(value)" } ?? value)
        }
        return .object(out)
    }

    /// Keeps the scheme of an authorization, hides the rest.
    private static func masked(_ field: HTTPField) -> String {
        switch field.name {
        case .authorization, .proxyAuthorization:
            let scheme = field.value.split(separator: " ").first ?? ""
            return field.value.contains(" ") ? "\(scheme) ****" : "****"
        case .cookie, .setCookie: return "****"
        default: return field.value
        }
    }
}

extension ReceivedPart {
    private static let shownValueBytes = 4 * 1024

    var json: JSONValue {
        var out: JSONObject = [
            "name": .string(head.name),
            "filename": head.filename.map { .string($0) } ?? .null,
            "type": head.contentType.map { .string($0) } ?? .null,
            "size": .integer(size),
            "sha256": .string(sha256),
            "headers": .object(JSONObject(head.fields.map { ($0.name, .string($0.value)) })),
        ]
        if head.filename == nil, size <= Self.shownValueBytes { out["value"] = .string(text) }
        return .object(out)
    }
}
