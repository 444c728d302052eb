import Storage
import Synchronization

/// A lease that is renewed for as long as it is held.
final class Lease: Sendable {
    private let name: String
    private let owner: String
    private let seconds: Int64
    private let leases: any LeaseStore
    private let renewal = Mutex<Task<Void, Never>?>(nil)

    init(name: String, owner: String, seconds: Int64, leases: any LeaseStore) {
        self.name = name
        self.owner = owner
        self.seconds = seconds
        self.leases = leases
    }

    func acquire() async throws(AccountsError) -> Bool {
        let isHeld: Bool
        do {
            isHeld = try await leases.acquireLease(name, owner: owner, seconds: seconds, now: nil)
        } catch {
            // Perhaps it was granted: the next attempt is the same owner's, and tells.
            if error.code == .uncertain { return false }
            throw .storage(error)
        }
        guard isHeld else { return false }
        renewal.withLock { $0 = $0 ?? Task { await self.renew() } }
        return true
    }

    private func renew() async {
        while true {
            do { try await Task.sleep(for: .milliseconds(seconds * 1000 / 3)) } catch { return }
            // Where it fails the lease runs out, and the version guards what is stored.
            _ = try? await leases.renewLease(name, owner: owner, seconds: seconds, now: nil)
        }
    }

    /// Lets the lease run out, as the end of the process would; whether it was held.
    @discardableResult
    func abandon() -> Bool {
        let task = renewal.withLock { renewal in
            defer { renewal = nil }
            return renewal
        }
        task?.cancel()
        return task != nil
    }

    func release() async {
        guard abandon() else { return }
        // Where it fails it runs out.
        try? await leases.releaseLease(name, owner: owner)
    }
}
