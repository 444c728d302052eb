/// Whose call it is, for the shares of what many callers need: connections to a provider, look-ups of names.
package struct Tenant: Sendable, Hashable {
    package var environment: String
    package var account: String

    package init(environment: String, account: String) {
        self.environment = environment
        self.account = account
    }
}

/// What one tenant may hold of a provider host's connections while others wait; all of them while nobody does.
package struct ConnectionShares: Sendable, Hashable {
    /// Parts of the whole, above 0 and at most 1.
    package var account: Double
    package var environment: Double

    package init(account: Double = 1.0 / 16, environment: Double = 1.0 / 4) {
        self.account = account
        self.environment = environment
    }
}

/// The connections to one origin, shared out without locks and time: pure, driven by `ConnectionSlots`.
///
/// A slot that becomes free goes to whoever has waited longest of those below their shares, else to whoever has waited
/// longest. A waiter below its shares may press: then the oldest slot of a tenant above its shares is to be given up.
struct SlotTable {
    private struct Holder {
        var tenant: Tenant?
        /// Asked to give up, or known not to be able to.
        var isPassedOver = false
    }

    private struct Waiter {
        var number: UInt64
        var tenant: Tenant?
    }

    private let limit: Int
    private let accountLimit: Int
    private let environmentLimit: Int
    private var holders: [UInt64: Holder] = [:]
    private var waiters: [Waiter] = []
    private var accounts: [String: Int] = [:]
    private var environments: [String: Int] = [:]

    init(limit: Int, shares: ConnectionShares) {
        self.limit = max(limit, 1)
        accountLimit = max(Int(Double(self.limit) * shares.account), 1)
        environmentLimit = max(Int(Double(self.limit) * shares.environment), 1)
    }

    var isUnused: Bool { holders.isEmpty && waiters.isEmpty }
    var counts: (taken: Int, waiting: Int) { (holders.count, waiters.count) }

    /// Whether `number` has a slot now; if not, it waits.
    ///
    /// - Parameter number: of this call alone, higher than those before.
    mutating func take(_ number: UInt64, for tenant: Tenant?) -> Bool {
        // A free slot means that nobody waits: every one that is given back goes to a waiter at once.
        guard holders.count < limit else {
            waiters.append(Waiter(number: number, tenant: tenant))
            return false
        }
        hold(number, tenant)
        return true
    }

    /// Takes a slot back.
    ///
    /// - Returns: the waiter that has it now.
    mutating func give(_ number: UInt64) -> UInt64? {
        guard let holder = holders.removeValue(forKey: number) else { return nil }
        count(holder.tenant, -1)
        guard !waiters.isEmpty else { return nil }
        let next = waiters.remove(at: waiters.firstIndex { isBelowShares($0.tenant) } ?? 0)
        hold(next.number, next.tenant)
        return next.number
    }

    /// Whether the waiter was still waiting; it waits no longer.
    mutating func remove(waiter number: UInt64) -> Bool {
        guard let index = waiters.firstIndex(where: { $0.number == number }) else { return false }
        waiters.remove(at: index)
        return true
    }

    /// The slot that is to be given up for a waiter that has waited for long; nil where nobody owes it one.
    ///
    /// - Parameter number: nil for any of those who wait.
    mutating func press(for number: UInt64?) -> UInt64? {
        let isOwed = waiters.contains { (number == nil || $0.number == number) && isBelowShares($0.tenant) }
        guard isOwed else { return nil }
        let owing = holders.filter { !$0.value.isPassedOver && isAboveShares($0.value.tenant) }
        guard let oldest = owing.keys.min() else { return nil }
        holders[oldest]?.isPassedOver = true
        return oldest
    }

    // MARK: Counting

    private mutating func hold(_ number: UInt64, _ tenant: Tenant?) {
        holders[number] = Holder(tenant: tenant)
        count(tenant, 1)
    }

    private mutating func count(_ tenant: Tenant?, _ change: Int) {
        guard let tenant else { return }
        Self.add(change, to: tenant.account, in: &accounts)
        Self.add(change, to: tenant.environment, in: &environments)
    }

    private static func add(_ change: Int, to key: String, in counts: inout [String: Int]) {
        if change > 0 { return counts[key, default: 0] += change }
        guard let at = counts.index(forKey: key) else { return }
        counts.values[at] += change
        if counts.values[at] <= 0 { counts.remove(at: at) }
    }

    /// Calls of nobody in particular, such as webhooks, are below their shares.
    private func isBelowShares(_ tenant: Tenant?) -> Bool {
        guard let tenant else { return true }
        return accounts[tenant.account, default: 0] < accountLimit
            && environments[tenant.environment, default: 0] < environmentLimit
    }

    private func isAboveShares(_ tenant: Tenant?) -> Bool {
        guard let tenant else { return false }
        return accounts[tenant.account, default: 0] > accountLimit
            || environments[tenant.environment, default: 0] > environmentLimit
    }
}
