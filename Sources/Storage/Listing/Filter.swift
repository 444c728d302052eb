/// A condition on one field of a listing; all conditions of a listing must hold.
package struct Filter<Field: FilterField>: Sendable, Hashable {
    package enum Comparison: String, Sendable, Hashable, CaseIterable {
        case eq, ne, gt, gte, lt, lte, `in`, nin
        /// SQL's pattern with `%` and `_`, in any case of letters.
        case like
    }

    package var field: Field
    package var comparison: Comparison
    /// One value; any number for `in` and `nin`. Times are ISO 8601, flags are `true` and `false`.
    package var values: [String]

    package init(_ field: Field, _ comparison: Comparison = .eq, _ values: [String]) {
        self.field = field
        self.comparison = comparison
        self.values = values
    }
}

/// A field that a listing can be filtered by; the raw value is its column.
package protocol FilterField: RawRepresentable<String>, Sendable, Hashable, CaseIterable {
    var kind: FilterKind { get }
}

/// How a filter's text is compared.
package enum FilterKind: Sendable, Hashable {
    case text, time, flag, number
}

package enum EnvironmentField: String, FilterField {
    case id, name
    case teamID = "team_id"
    case createdAt = "created_at"
    case updatedAt = "updated_at"

    package var kind: FilterKind { self == .createdAt || self == .updatedAt ? .time : .text }
}

package enum TokenField: String, FilterField {
    case id, name
    case createdBy = "created_by"
    case createdAt = "created_at"
    case updatedAt = "updated_at"

    package var kind: FilterKind { self == .createdAt || self == .updatedAt ? .time : .text }
}

package enum EnvironmentIntegrationField: String, FilterField {
    case id, integration
    case isEnabled = "is_enabled"
    case showInCatalog = "show_in_catalog"
    case createdAt = "created_at"
    case updatedAt = "updated_at"

    package var kind: FilterKind {
        switch self {
        case .id, .integration: .text
        case .isEnabled, .showInCatalog: .flag
        case .createdAt, .updatedAt: .time
        }
    }
}

package enum EnvironmentUnifiedModelField: String, FilterField {
    case id, model
    case createdAt = "created_at"
    case updatedAt = "updated_at"

    package var kind: FilterKind { self == .createdAt || self == .updatedAt ? .time : .text }
}

package enum AccountField: String, FilterField {
    case id, integration, status, region
    case environmentIntegrationID = "environment_integration_id"
    case tenantID = "tenant_id"
    case authenticationMethod = "authentication_method"
    case isSandbox = "is_sandbox"
    case createdAt = "created_at"
    case updatedAt = "updated_at"

    package var kind: FilterKind {
        switch self {
        case .isSandbox: .flag
        case .createdAt, .updatedAt: .time
        default: .text
        }
    }
}
