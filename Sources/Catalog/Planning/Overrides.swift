package import JSON

/// What an environment or an account changes about the definitions.
package struct Overrides: Sendable {
    /// Identifies the content: equal versions mean equal overrides. An account's id and row version serve well.
    package var version: String
    /// Whose they are: another version of the same owner's replaces this one. Empty where nobody knows.
    package var owner = ""
    /// Over the integration's definition: any of its keys.
    package var integration: JSONValue?
    /// Over mappings: `{model: {resource: {method: {…}}}}`.
    package var mappings: JSONValue?
    /// Over unified models: `{model: {resources: {…}}}`. Read from the environment only.
    package var models: JSONValue?

    package init(
        version: String, integration: JSONValue? = nil, mappings: JSONValue? = nil, models: JSONValue? = nil
    ) {
        self.version = version
        self.integration = integration
        self.mappings = mappings
        self.models = models
    }

    /// Bytes of all of them as JSON.
    var size: Int { [integration, mappings, models].reduce(0) { $0 + ($1?.bytes().count ?? 0) } }

    /// Nothing is changed.
    package var isEmpty: Bool { integration == nil && mappings == nil && models == nil }

    /// Whether they may hold expressions: known before anything of them is read.
    package static func mayHoldExpressions(_ overrides: Overrides?...) -> Bool {
        overrides.contains { $0?.isEmpty == false }
    }
}
