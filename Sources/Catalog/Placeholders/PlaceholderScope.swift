public import JSON

/// The values placeholders may name.
///
/// `id`, `query`, `body`, `context`, `credentials`, `pagination` and `before` are roots; any other first step
/// is looked up in the account's context, so `{{subdomain}}` and `{{context.subdomain}}` are the same.
public struct PlaceholderScope: Sendable {
    public var roots: JSONObject
    public var context: JSONObject

    public init(roots: JSONObject, context: JSONObject) {
        self.roots = roots
        self.context = context
    }

    /// The value at a path; nil where it is absent. JSON null is a value.
    public func value(at path: [String]) -> JSONValue? {
        if let root = roots[path[0]] {
            return Self.descend(root, path.dropFirst())
        }
        if path[0] == "context" || path[0] == "credentials" {
            return Self.descend(.object(context), path.dropFirst())
        }
        return Self.descend(.object(context), path[...])
    }

    private static func descend(_ value: JSONValue, _ path: ArraySlice<String>) -> JSONValue? {
        var current = value
        for step in path {
            let next: JSONValue?
            switch current {
            case .object(let object): next = object[step]
            case .array(let items):
                guard let at = Int(step), items.indices.contains(at) else { return nil }
                next = items[at]
            default: next = nil
            }
            guard let next else { return nil }
            current = next
        }
        return current
    }
}
