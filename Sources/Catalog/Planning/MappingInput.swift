import JSON
import JSONata

/// The names that expressions may use, and what of them an override sees.
///
/// An override gets the context without its secrets. What was made of secrets elsewhere, such as the headers that are
/// about to be sent, is masked for it.
struct MappingInput: ExpressibleByDictionaryLiteral {
    private(set) var members: JSONObject
    private let openContext: JSONObject
    private let secrets: SecretMask

    /// For expressions whose input holds no context.
    init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(JSONObject(elements.map { (key: $0.0, value: $0.1) }), openContext: [:], secrets: .none)
    }

    init(_ members: JSONObject, _ scope: CallInput) {
        self.init(members, openContext: scope.openContext, secrets: scope.secrets)
    }

    private init(_ members: JSONObject, openContext: JSONObject, secrets: SecretMask) {
        self.members = members
        self.openContext = openContext
        self.secrets = secrets
    }

    subscript(name: String) -> JSONValue? {
        get { members[name] }
        set { members[name] = newValue }
    }

    /// The names that an expression may read, as it sees them.
    func seen(by expression: MappingExpression) -> JSONObject {
        // One that does not compile tells so when it is evaluated.
        seen(by: expression.origin, among: (try? expression.expression())?.membersRead)
    }

    /// The names as an expression by `origin` sees them.
    ///
    /// - Parameter read: the names that it may read, as the others need not be copied to where it is evaluated; nil: any.
    func seen(by origin: Origin, among read: Set<String>? = nil) -> JSONObject {
        var seen = if let read { picked(read) } else { members }
        if origin.seesSecrets { return seen }
        for name in ["context", "credentials"] where seen[name] != nil { seen[name] = .object(openContext) }
        seen["session"] = nil
        if secrets.isEmpty { return seen }
        for name in ["query", "requestBody", "headers", "requestOptions"] {
            if let value = seen[name] { seen[name] = secrets.masked(value) }
        }
        return seen
    }

    private func picked(_ names: Set<String>) -> JSONObject {
        var picked: [JSONObject.Element] = []
        picked.reserveCapacity(names.count)
        for name in names {
            if let value = members[name] { picked.append((name, value)) }
        }
        return JSONObject(distinct: picked)
    }
}
