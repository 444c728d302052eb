import NIOCore
import Synchronization

/// What names resolved to, for as long as a busy host should not be asked about again.
///
/// Only unchecked responses are kept: every call passes them through the egress policy. Calls that need the same name
/// share one look-up. A look-up blocks a thread and cannot be stopped, so it alone may outlast the call that began it:
/// the call waits its time, and the response serves the next one.
final class AddressCache: Sendable {
    private struct Entry {
        let addresses: [IPAddress]
        let expiry: NIODeadline
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var lookUps: [String: EventLoopFuture<[IPAddress]>] = [:]
    }

    private let state = Mutex(State())
    private let resolver: Resolver
    private let keepFor: TimeAmount
    private let group: any EventLoopGroup
    private let turns = LookUpTurns()
    private let limit = 1024

    init(resolver: Resolver, keepFor: TimeAmount, group: any EventLoopGroup) {
        self.resolver = resolver
        self.keepFor = keepFor
        self.group = group
    }

    /// - Parameter tenant: whose call asks; of one environment only a few names are looked up at once.
    /// - Throws: `UpstreamError` with code `could_not_connect` or `cancelled`.
    func addresses(
        of host: TargetURL.Host, for tenant: Tenant? = nil, within limit: Duration
    ) async throws(UpstreamError) -> [IPAddress] {
        let name: String
        switch host {
        case .address(let address): return [address]
        case .name(let text): name = text
        }
        let lookUp: EventLoopFuture<[IPAddress]>
        switch known(name, for: tenant?.environment ?? "") {
        case .addresses(let addresses): return addresses
        case .lookUp(let running): lookUp = running
        }
        let response = group.any().makePromise(of: [IPAddress].self)
        lookUp.cascade(to: response)
        do {
            return try await response.value(within: limit) { response.fail($0) }
        } catch GaveUp.cancelled {
            throw Failure.cancelled.error(phase: .connecting, isSafe: true)
        } catch GaveUp.timedOut {
            throw .couldNotConnect("the name was not resolved in time")
        } catch {
            throw .couldNotConnect("\(error)")
        }
    }

    private enum Known {
        case addresses([IPAddress])
        case lookUp(EventLoopFuture<[IPAddress]>)
    }

    /// What is kept of `name`, else the look-up that is under way, else a new one. Decided under one lock: a look-up
    /// that ends between two questions must respond the second.
    private func known(_ name: String, for environment: String) -> Known {
        var begun: EventLoopPromise<[IPAddress]>?
        let known: Known = state.withLock { state in
            if let entry = state.entries[name], entry.expiry > .now() { return .addresses(entry.addresses) }
            if let running = state.lookUps[name] { return .lookUp(running) }
            let promise = group.any().makePromise(of: [IPAddress].self)
            begun = promise
            state.lookUps[name] = promise.futureResult
            return .lookUp(promise.futureResult)
        }
        begun?.completeWithTask { [self] in
            do {
                let addresses = try await turns.take(for: environment) { [resolver] in
                    try await resolver.addresses(name)
                }
                ended(name, addresses)
                return addresses
            } catch {
                ended(name, nil)
                throw error
            }
        }
        return known
    }

    private func ended(_ name: String, _ addresses: [IPAddress]?) {
        state.withLock { state in
            state.lookUps[name] = nil
            guard let addresses else { return }
            // Hosts come from callers too (`file_url`): forget all rather than grow without bound.
            if state.entries.count >= limit { state.entries.removeAll() }
            state.entries[name] = Entry(addresses: addresses, expiry: .now() + keepFor)
        }
    }
}
