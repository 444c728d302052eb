import NIOCore
import Synchronization

/// What names resolved to, for as long as a busy host should not be asked about again.
///
/// Only unchecked answers are kept: every call passes them through the egress policy.
final class AddressCache: Sendable {
    private struct Entry {
        let addresses: [IPAddress]
        let expiry: NIODeadline
    }

    private let entries = Mutex<[String: Entry]>([:])
    private let resolver: Resolver
    private let keepFor: TimeAmount
    private let limit = 1024

    init(resolver: Resolver, keepFor: TimeAmount) {
        self.resolver = resolver
        self.keepFor = keepFor
    }

    func addresses(of host: TargetURL.Host) async throws(UpstreamError) -> [IPAddress] {
        let name: String
        switch host {
        case .address(let address): return [address]
        case .name(let text): name = text
        }
        let now = NIODeadline.now()
        if let entry = entries.withLock({ $0[name] }), entry.expiry > now { return entry.addresses }
        let found: [IPAddress]
        do {
            found = try await resolver.addresses(name)
        } catch {
            throw .couldNotConnect("\(error)")
        }
        entries.withLock { entries in
            // Hosts come from callers too (`file_url`): forget all rather than grow without bound.
            if entries.count >= limit { entries.removeAll() }
            entries[name] = Entry(addresses: found, expiry: now + keepFor)
        }
        return found
    }
}
