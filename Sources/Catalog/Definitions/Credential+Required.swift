package import JSON

extension Integration {
    /// A way of signing in, by its name.
    package func credential(_ method: String) -> Credential? { credentials.first { $0.name == method } }
}

extension Credential {
    /// The required fields that a new account's context lacks: absent, null, or an empty text.
    package func missingFields(in context: JSONObject) -> [Field] {
        fields.filter { $0.required && $0.default == nil && Self.isNothing(context[$0.name]) }
    }

    /// The required fields that the vendor lists values for; an account without one of them is `incomplete`.
    package func missingChoices(in context: JSONObject) -> [Field] {
        missingFields(in: context).filter { $0.optionsFrom != nil }
    }

    /// The required fields that somebody has to enter before there is an account.
    package func missingEntries(in context: JSONObject) -> [Field] {
        missingFields(in: context).filter { $0.optionsFrom == nil }
    }

    /// The required fields that a change of the context would take away.
    package func fieldsRemoved(by patch: JSONObject) -> [Field] {
        fields.filter { field in field.required && patch[field.name].map { Self.isNothing($0) } ?? false }
    }

    private static func isNothing(_ value: JSONValue?) -> Bool {
        guard let value else { return true }
        return value.isNull || value.string?.isEmpty == true
    }
}
