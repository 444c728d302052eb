import JSON

/// Who wrote a part of a definition: the operator's catalog, or a tenant by an override.
///
/// Whoever holds a token without scopes writes overrides, and may not read stored credentials by them.
package enum Origin: Sendable, Hashable {
    case definition
    /// `seesSecrets` where the operator trusts overrides with credentials.
    case override(seesSecrets: Bool)

    var isOverride: Bool { self != .definition }

    var seesSecrets: Bool {
        switch self {
        case .definition: true
        case .override(let seesSecrets): seesSecrets
        }
    }
}

extension Definition {
    /// Who wrote what stands at a path.
    func origin(_ path: [String]) -> Origin {
        layers.contains { $0.reaches(path[...]) } ? .override(seesSecrets: overridesSeeSecrets) : .definition
    }
}

extension JSONValue {
    /// Whether an override says what stands at a path: at the path itself, or by replacing something above it.
    fileprivate func reaches(_ path: ArraySlice<String>) -> Bool {
        guard let step = path.first, let object else { return true }
        return object[step]?.reaches(path.dropFirst()) ?? false
    }
}
