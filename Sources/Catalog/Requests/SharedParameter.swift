package import JSON

/// A parameter that a caller may give in the query or in the body: it is one parameter, whichever place it came in.
///
/// A name that ends with `_id` has three forms: `candidate_id`, `candidate[id]` (an object with an `id`), `candidate.id`.
/// Null and empty values are absent.
package struct SharedParameter: Sendable {
    let name: String
    /// The first members of its other two forms.
    private let owner: String?
    private let dotted: String?

    init(_ name: String) {
        self.name = name
        owner = Self.owner(name)
        dotted = owner.map { $0 + ".id" }
    }

    /// The members that the forms of a parameter begin with.
    static func members(_ name: String) -> [String] {
        guard let owner = owner(name) else { return [name] }
        return [name, owner, owner + ".id"]
    }

    /// What an object gives for it; ids are texts, whatever the caller sent.
    func value(in object: JSONObject) -> JSONValue? {
        if object.isEmpty { return nil }
        if let value = Self.given(object[name]) { return value }
        guard let owner, let dotted else { return nil }
        return Self.given(object[owner]?["id"]) ?? Self.given(object[dotted])
    }

    /// An object without any form of a parameter.
    static func removed(_ name: String, from object: JSONObject) -> JSONObject {
        var object = object
        object[name] = nil
        guard let owner = owner(name) else { return object }
        object[owner + ".id"] = nil
        if var inner = object[owner]?.object {
            inner["id"] = nil
            object[owner] = inner.isEmpty ? nil : .object(inner)
        }
        return object
    }

    /// Whether a value says anything: null, empty texts and empty objects do not.
    package static func isGiven(_ value: JSONValue?) -> Bool {
        switch value {
        case nil, .null?: false
        case .string(let text)?: !text.isEmpty
        case .object(let members)?: members.elements.contains { isGiven($0.value) }
        case .array(let items)?: items.contains { isGiven($0) }
        default: true
        }
    }

    /// What a name that ends with `_id` is the id of: `candidate` for `candidate_id`.
    static func owner(_ name: String) -> String? {
        let bytes = name.utf8
        return bytes.count > 3 && bytes.suffix(3).elementsEqual("_id".utf8) ? String(bytes.dropLast(3)) : nil
    }

    private static func given(_ value: JSONValue?) -> JSONValue? {
        switch value {
        case .string(let text)?: text.isEmpty ? nil : value
        case .number(let number)?: .string(number.text)
        default: nil
        }
    }
}

extension MethodPlan {
    /// With the parameters found that may stand in the query or the body: see `SharedParameter`.
    package func shared(_ scope: CallInput) -> CallInput { scope.sharing(sharedParameters) }
}

extension CallInput {
    /// With the shared parameters found: in `params`, and under their own names in the query and in the body alike.
    func sharing(_ parameters: [SharedParameter]) -> CallInput {
        var scope = self
        scope.share(parameters)
        return scope
    }

    /// As `sharing`, in place.
    mutating func share(_ parameters: [SharedParameter]) {
        guard !parameters.isEmpty else { return }
        let asked = query
        var shared = body?.object
        for parameter in parameters {
            let value = shared.flatMap { parameter.value(in: $0) } ?? parameter.value(in: asked)
            params[parameter.name] = value
            query[parameter.name] = value
            shared?[parameter.name] = value
        }
        if let shared { body = .object(shared) }
    }

    /// What the caller gave for a parameter; nil where that says nothing.
    func given(_ name: String) -> JSONValue? {
        let value = params[name] ?? query[name]
        return SharedParameter.isGiven(value) ? value : nil
    }

    /// The first shared parameter that query and body give different values for.
    func conflict(among parameters: [SharedParameter]) -> String? {
        guard let body = body?.object else { return nil }
        return parameters.first { parameter in
            guard let a = parameter.value(in: query), let b = parameter.value(in: body) else { return false }
            return a != b
        }?.name
    }
}
