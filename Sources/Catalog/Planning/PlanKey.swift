/// Which plan of the cache is meant.
struct PlanKey: Hashable, Sendable {
    private let model, resource, method, integration: String
    private let environment, account: OverrideVersion?

    init(
        _ model: String, _ resource: String, _ method: String, _ integration: String, _ environment: Overrides?,
        _ account: Overrides?
    ) {
        self.model = model
        self.resource = resource
        self.method = method
        self.integration = integration
        self.environment = OverrideVersion(environment.flatMap { $0.isEmpty ? nil : $0 })
        self.account = OverrideVersion(account.flatMap { $0.isEmpty ? nil : $0 })
    }

    /// Whether this was made of an override that has changed since.
    func isReplaced(by newer: PlanKey) -> Bool {
        OverrideVersion.isReplaced(environment, by: newer.environment)
            || OverrideVersion.isReplaced(account, by: newer.account)
    }
}

/// Which integration with overrides is meant; nil for overrides that leave it as it is.
struct VariantKey: Hashable, Sendable {
    var integration: String
    var environment, account: OverrideVersion?

    /// Whether this was made of an override that has changed since.
    func isReplaced(by newer: VariantKey) -> Bool {
        OverrideVersion.isReplaced(environment, by: newer.environment)
            || OverrideVersion.isReplaced(account, by: newer.account)
    }
}

/// An override in one of its states.
struct OverrideVersion: Hashable, Sendable {
    private let owner: String
    private let version: String

    init?(_ overrides: Overrides?) {
        guard let overrides else { return nil }
        owner = overrides.owner
        version = overrides.version
    }

    /// Whether `old` is another state of what `new` is of.
    static func isReplaced(_ old: OverrideVersion?, by new: OverrideVersion?) -> Bool {
        guard let old, let new else { return false }
        return !old.owner.isEmpty && old.owner == new.owner && old.version != new.version
    }
}

/// What a plan takes in memory, roughly.
enum PlanWeight {
    /// Of one with the catalog's own expressions.
    private static let plain = 48 << 10
    /// Compiled, an expression takes this many times its text: measured with the longest overrides.
    private static let perByte = 32

    static func of(_ overrides: [Overrides?]) -> Int {
        overrides.reduce(plain) { $0 + perByte * ($1?.size ?? 0) }
    }
}
