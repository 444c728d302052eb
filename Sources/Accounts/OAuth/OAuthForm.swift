import Encodings
import JSON

/// Names and values in order, as `application/x-www-form-urlencoded` (WHATWG URL §5) or as a JSON object.
struct OAuthForm {
    private(set) var fields: [(name: String, value: String)] = []

    /// Sets a value; nil and a name that is there already change nothing.
    mutating func set(_ name: String, _ value: String?) {
        guard let value, !fields.contains(where: { $0.name == name }) else { return }
        fields.append((name, value))
    }

    /// Adds what a definition adds. What the protocol itself has set stays: a definition cannot change the state.
    mutating func add(_ extra: JSONObject) {
        for (name, value) in extra {
            switch value {
            case .null: continue
            case .string(let text): set(name, text)
            case .array(let items): set(name, items.map(Self.text).joined(separator: " "))
            default: set(name, value.text())
            }
        }
    }

    private static func text(_ value: JSONValue) -> String { value.string ?? value.text() }

    var encoded: String { URLEncodedForm.text(fields) }

    var json: JSONValue { .object(fields.reduce(into: JSONObject()) { $0[$1.name] = .string($1.value) }) }
}
