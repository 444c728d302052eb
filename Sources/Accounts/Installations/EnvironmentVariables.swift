package import JSON

/// The part of an environment's override that is no change of the definition: values that definitions read as context.
package enum EnvironmentVariables {
    package static let names = ["environment_variables", "secret_environment_variables"]

    /// The variables of an override.
    package static func of(_ override: JSONObject) -> JSONObject {
        JSONObject(override.filter { names.contains($0.key) })
    }

    package static let secretPaths = SecretPaths(["secret_environment_variables"])

    /// Those of its variables that are no secrets.
    static func open(of override: JSONObject) -> JSONObject {
        JSONObject(override.filter { $0.key == names[0] })
    }

    /// What an override changes about the definition.
    package static func removed(from override: JSONObject) -> JSONObject {
        var rest = override
        for name in names where rest[name] != nil { rest[name] = nil }
        return rest
    }
}
