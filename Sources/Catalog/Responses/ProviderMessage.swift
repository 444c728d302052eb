package import JSON

/// Finds the sentence for people in a provider's error body, whatever its shape.
package enum ProviderMessage {
    private static let names = [
        "message", "msg", "errorMessage", "error_message", "error_description", "description", "detail", "summary",
        "title", "reason", "error", "errors", "errorInfo", "data", "result",
    ]

    /// The first usual member that holds a text, nearest to the top; empty where there is none.
    package static func find(in body: JSONValue) -> String { find(body, depth: 0) ?? "" }

    private static func find(_ value: JSONValue, depth: Int) -> String? {
        guard depth < 6 else { return nil }
        switch value {
        case .string(let text): return depth > 0 && !text.isEmpty ? text : nil
        case .array(let items):
            for item in items.prefix(8) {
                if let text = find(item, depth: depth + 1) { return text }
            }
            return nil
        case .object(let object):
            for name in names {
                if let text = object[name]?.string, !text.isEmpty { return text }
            }
            for name in names {
                if let inner = object[name], inner.string == nil, let text = find(inner, depth: depth + 1) { return text }
            }
            return nil
        default: return nil
        }
    }
}
