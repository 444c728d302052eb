package import JSON

/// The values placeholders may name.
///
/// `id`, `query`, `body`, `context`, `credentials`, `pagination` and `before` are roots; any other first step
/// is looked up in the account's context, so `{{subdomain}}` and `{{context.subdomain}}` are the same.
package struct TemplateContext: Sendable {
    package var roots: JSONObject
    package var context: JSONObject
    /// What of the context is not secret: all that an override may read.
    package var openContext: JSONObject

    package init(roots: JSONObject, context: JSONObject) {
        self.init(roots: roots, context: context, openContext: [:])
    }

    package init(roots: JSONObject, context: JSONObject, openContext: JSONObject) {
        self.roots = roots
        self.context = context
        self.openContext = openContext
    }

    /// The scope as a part of a definition by `origin` may see it.
    func seen(by origin: Origin) -> TemplateContext { origin.seesSecrets ? self : withoutSecrets }

    /// The scope for whatever must not carry a credential.
    var withoutSecrets: TemplateContext {
        var roots = roots
        for name in ["context", "credentials"] where roots[name] != nil { roots[name] = .object(openContext) }
        // A session is made of credentials, and as good as they are.
        roots["session"] = nil
        return TemplateContext(roots: roots, context: openContext, openContext: openContext)
    }

    /// The value at a path; nil where it is absent. JSON null is a value.
    package func value(at path: [String]) -> JSONValue? {
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

extension TemplateContext {
    /// The names of a mapping, for the templates beside it.
    init(_ input: MappingInput, _ scope: CallInput) {
        self.init(roots: input.members, context: scope.context, openContext: scope.openContext)
    }
}
