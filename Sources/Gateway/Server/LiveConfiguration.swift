import Synchronization

/// What of the configuration can change while the gateway serves.
final class LiveConfiguration: Sendable {
    private struct State {
        var tokenLimit: RequestLimit?
        var accountLimit: RequestLimit?
        var crossOrigin: CrossOrigin

        init(_ configuration: GatewayConfiguration) {
            tokenLimit = configuration.tokenLimit
            accountLimit = configuration.accountLimit
            crossOrigin = CrossOrigin(configuration.allowedOrigins)
        }
    }

    private let state: Mutex<State>

    init(_ configuration: GatewayConfiguration) { state = Mutex(State(configuration)) }

    func apply(_ configuration: GatewayConfiguration) {
        let new = State(configuration)
        state.withLock { $0 = new }
    }

    var tokenLimit: RequestLimit? { state.withLock { $0.tokenLimit } }
    var accountLimit: RequestLimit? { state.withLock { $0.accountLimit } }
    var crossOrigin: CrossOrigin { state.withLock { $0.crossOrigin } }
}
