package import JSON

/// A parameter that a caller may give in the query or in the body: it is one parameter, whichever place it came in.
///
/// A name that ends with `_id` has three forms: `candidate_id`, `candidate[id]` (an object with an `id`), `candidate.id`.
/// Null and empty values are absent.
package enum SharedParameter {
    /// The members that the forms of a parameter begin with.
    static func members(_ name: String) -> [String] {
        guard let owner = owner(name) else { return [name] }
        return [name, owner, owner + ".id"]
    }

    /// What an object gives for a parameter; ids are texts, whatever the caller sent.
    static func value(_ name: String, in object: JSONObject) -> JSONValue? {
        if object.isEmpty { return nil }
        if let value = given(object[name]) { return value }
        // Mostly there is no other form, and no name of one need be put together.
        guard object.elements.contains(where: { $0.key.utf8.starts(with: name.utf8.dropLast(3)) }),
            let owner = owner(name)
        else { return nil }
        return given(object[owner]?["id"]) ?? given(object[owner + ".id"])
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
    package func shared(_ scope: CallInput) -> CallInput { scope.sharing(unifiedMethod.params) }
}

extension CallInput {
    /// With the shared parameters found: in `params`, and under their own names in the query and in the body alike.
    func sharing(_ names: [String]) -> CallInput {
        guard !names.isEmpty else { return self }
        var scope = self
        var body = scope.body?.object
        for name in names {
            let value = body.flatMap { SharedParameter.value(name, in: $0) } ?? SharedParameter.value(name, in: query)
            scope.params[name] = value
            scope.query[name] = value
            body?[name] = value
        }
        if let body { scope.body = .object(body) }
        return scope
    }

    /// What the caller gave for a parameter; nil where that says nothing.
    func given(_ name: String) -> JSONValue? {
        let value = params[name] ?? query[name]
        return SharedParameter.isGiven(value) ? value : nil
    }

    /// The first shared parameter that query and body give different values for.
    func conflict(among names: [String]) -> String? {
        guard let body = body?.object else { return nil }
        return names.first { name in
            guard let a = SharedParameter.value(name, in: query), let b = SharedParameter.value(name, in: body) else {
                return false
            }
            return a != b
        }
    }
}
